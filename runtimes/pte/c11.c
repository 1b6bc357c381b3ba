/* Threads of C11, over the POSIX ones. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <threads.h>

#include "pte.h"

/* An errno as one of the thrd_ results. */
static int result(int error) {
  switch (error) {
  case 0:
    return thrd_success;
  case ENOMEM:
    return thrd_nomem;
  case ETIMEDOUT:
    return thrd_timedout;
  case EBUSY:
    return thrd_busy;
  default:
    return thrd_error;
  }
}

void call_once(once_flag *flag, void (*routine)(void)) { pthread_once(&flag->__once, routine); }

int mtx_init(mtx_t *mutex, int type) {
  pthread_mutexattr_t attr;
  if (type & ~(mtx_recursive | mtx_timed))
    return thrd_error;
  pthread_mutexattr_init(&attr);
  pthread_mutexattr_settype(&attr, type & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
  return result(pthread_mutex_init(&mutex->__mutex, &attr));
}

void mtx_destroy(mtx_t *mutex) { pthread_mutex_destroy(&mutex->__mutex); }

int mtx_lock(mtx_t *mutex) { return result(pthread_mutex_lock(&mutex->__mutex)); }

int mtx_timedlock(mtx_t *mutex, const struct timespec *time) { return result(pthread_mutex_timedlock(&mutex->__mutex, time)); }

int mtx_trylock(mtx_t *mutex) { return result(pthread_mutex_trylock(&mutex->__mutex)); }

int mtx_unlock(mtx_t *mutex) { return result(pthread_mutex_unlock(&mutex->__mutex)); }

int cnd_init(cnd_t *cond) { return result(pthread_cond_init(&cond->__cond, NULL)); }

void cnd_destroy(cnd_t *cond) { pthread_cond_destroy(&cond->__cond); }

int cnd_signal(cnd_t *cond) { return result(pthread_cond_signal(&cond->__cond)); }

int cnd_broadcast(cnd_t *cond) { return result(pthread_cond_broadcast(&cond->__cond)); }

int cnd_wait(cnd_t *cond, mtx_t *mutex) { return result(pthread_cond_wait(&cond->__cond, &mutex->__mutex)); }

int cnd_timedwait(cnd_t *cond, mtx_t *mutex, const struct timespec *time) {
  return result(pthread_cond_timedwait(&cond->__cond, &mutex->__mutex, time));
}

int thrd_create(thrd_t *thread, thrd_start_t start, void *argument) {
  int error = __pte_create(thread, NULL, NULL, start, argument);
  return error == EAGAIN ? thrd_nomem : result(error);
}

thrd_t thrd_current(void) { return pthread_self(); }

int thrd_detach(thrd_t thread) { return result(pthread_detach(thread)); }

int thrd_equal(thrd_t one, thrd_t other) { return pthread_equal(one, other); }

void thrd_exit(int value) { pthread_exit((void *)(intptr_t)value); }

int thrd_join(thrd_t thread, int *value) {
  void *got;
  int error = pthread_join(thread, &got);
  if (error == 0 && value)
    *value = (int)(intptr_t)got;
  return result(error);
}

/* 0, -1 when a signal came, less when it is no time to sleep. */
int thrd_sleep(const struct timespec *time, struct timespec *left) {
  int error = clock_nanosleep(CLOCK_REALTIME, 0, time, left);
  return error == 0 ? 0 : error == EINTR ? -1 : -2;
}

void thrd_yield(void) { sys_yield(); }

int tss_create(tss_t *key, tss_dtor_t destructor) { return result(pthread_key_create(key, destructor)); }

void tss_delete(tss_t key) { pthread_key_delete(key); }

void *tss_get(tss_t key) { return pthread_getspecific(key); }

int tss_set(tss_t key, void *value) { return result(pthread_setspecific(key, value)); }
