/* Named semaphores: known by name within the program, which is all there is. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "pte.h"

struct named {
  sem_t sem; /* first: sem_close gets its address */
  struct named *next;
  unsigned int opened;
  char linked; /* its name still leads to it */
  char name[];
};

static struct named *list;
static volatile uint32_t list_lock;

static sem_t *fail(int error) {
  errno = error;
  return SEM_FAILED;
}

/* 0, or what is wrong with a name. The slash in front is optional; another one would need folders. */
static int name_error(const char **name) {
  *name += **name == '/';
  if (strlen(*name) > NAME_MAX - strlen("sem."))
    return ENAMETOOLONG;
  return **name == 0 || strchr(*name, '/') ? EINVAL : 0;
}

static struct named *find(const char *name) {
  for (struct named *named = list; named; named = named->next)
    if (named->linked && strcmp(named->name, name) == 0)
      return named;
  return NULL;
}

static struct named *make(const char *name, unsigned int value) {
  struct named *made = malloc(sizeof *made + strlen(name) + 1);
  if (made == NULL)
    return NULL;
  sem_init(&made->sem, 0, value);
  strcpy(made->name, name);
  made->opened = 0;
  made->linked = 1;
  made->next = list;
  list = made;
  return made;
}

sem_t *sem_open(const char *name, int flags, ...) {
  unsigned int value = 0;
  int error = name_error(&name);
  if (flags & O_CREAT) {
    va_list arguments;
    va_start(arguments, flags);
    (void)va_arg(arguments, unsigned int); /* permissions */
    value = va_arg(arguments, unsigned int);
    va_end(arguments);
  }
  if (error || value > SEM_VALUE_MAX)
    return fail(error ? error : EINVAL);
  lock(&list_lock);
  struct named *named = find(name);
  if (named)
    error = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL) ? EEXIST : 0;
  else if (!(flags & O_CREAT))
    error = ENOENT;
  else if ((named = make(name, value)) == NULL)
    error = ENOMEM;
  if (error == 0)
    named->opened++;
  unlock(&list_lock);
  return error ? fail(error) : &named->sem;
}

/* With the lock: forget one that has neither name nor user. */
static void drop(struct named *named) {
  if (named->opened || named->linked)
    return;
  struct named **link = &list;
  while (*link != named)
    link = &(*link)->next;
  *link = named->next;
  free(named);
}

int sem_close(sem_t *sem) {
  lock(&list_lock);
  struct named *named = list;
  while (named && &named->sem != sem)
    named = named->next;
  if (named && named->opened) {
    named->opened--;
    drop(named);
    unlock(&list_lock);
    return 0;
  }
  unlock(&list_lock);
  errno = EINVAL;
  return -1;
}

int sem_unlink(const char *name) {
  int error = name_error(&name);
  lock(&list_lock);
  struct named *named = error ? NULL : find(name);
  if (named) {
    named->linked = 0;
    drop(named);
  }
  unlock(&list_lock);
  if (named)
    return 0;
  errno = error == ENAMETOOLONG ? error : ENOENT;
  return -1;
}
