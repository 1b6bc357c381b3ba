// Signals between threads: to one that spins on whatever core, all of its state intact; masks, queues, interrupted calls, defaults.
// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <immintrin.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdlib.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "signal-check.h"

static volatile int count, stop, ready, order[64], orders;
static volatile long wide_damage;

static void note(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (orders < 64)
        order[orders++] = number * 1000 + (info->si_code == SI_QUEUE ? info->si_int : 0);
    count++;
}

// Uses all that a handler may use: vector registers, x87, the stack.
static void dirty(int number, siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    double sum = number;
    unsigned int mxcsr = 0;
    unsigned short control = 0;
    __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
    __asm__ volatile("fnstcw %0" : "=m"(control));
    if (mxcsr != 0x1f80 || control != 0x37f)
        wide_damage++;
    if (((unsigned long)user->uc_mcontext.fpregs & 63) != 0 || user->uc_mcontext.fpregs->cwd != 0x27f)
        wide_damage++;
    for (int i = 0; i < 20; i++)
        sum = sum / 3 + (double)info->si_signo;
    __asm__ volatile("fldpi\n fldpi\n fstp %%st(0)\n fstp %%st(0)\n pxor %%xmm0, %%xmm0\n pxor %%xmm7, %%xmm7\n pxor %%xmm15, %%xmm15" ::
                         : "xmm0", "xmm7", "xmm15");
    if (__builtin_cpu_supports("avx512f"))
        __asm__ volatile("vpxorq %%zmm9, %%zmm9, %%zmm9\n vpxorq %%zmm31, %%zmm31, %%zmm31\n kxorw %%k3, %%k3, %%k3" ::: "xmm9");
    count += sum > 0;
}

// Registers, red zone and flags hold `mark` for a while; what has changed, 0 if nothing.
__attribute__((noinline)) static unsigned long compute(unsigned long mark)
{
    unsigned long changed;
    double number = (double)mark, after;
    __asm__ volatile("movq %[number], %%xmm5\n movq %[number], %%xmm15\n mov %[mark], %%rax\n mov %[mark], %%rbx\n mov %[mark], %%rdx\n"
                     "mov %[mark], %%rsi\n mov %[mark], %%rdi\n mov %[mark], %%r8\n mov %[mark], %%r9\n mov %[mark], %%r12\n"
                     "mov %[mark], %%r15\n mov %[mark], -8(%%rsp)\n mov %[mark], -120(%%rsp)\n std\n mov $3000, %%ecx\n"
                     "1: add $1, %%rax\n sub $1, %%rax\n stc\n jnc 2f\n dec %%ecx\n jnz 1b\n cld\n xor %%ecx, %%ecx\n"
                     "xor %[mark], %%rax\n or %%rax, %%rcx\n xor %[mark], %%rbx\n or %%rbx, %%rcx\n"
                     "xor %[mark], %%rdx\n or %%rdx, %%rcx\n xor %[mark], %%rsi\n or %%rsi, %%rcx\n"
                     "xor %[mark], %%rdi\n or %%rdi, %%rcx\n xor %[mark], %%r8\n or %%r8, %%rcx\n"
                     "xor %[mark], %%r9\n or %%r9, %%rcx\n xor %[mark], %%r12\n or %%r12, %%rcx\n"
                     "xor %[mark], %%r15\n or %%r15, %%rcx\n mov -8(%%rsp), %%rax\n xor %[mark], %%rax\n or %%rax, %%rcx\n"
                     "mov -120(%%rsp), %%rax\n xor %[mark], %%rax\n or %%rax, %%rcx\n"
                     "movq %%xmm15, %%rax\n movq %[number], %%rbx\n xor %%rbx, %%rax\n or %%rax, %%rcx\n jmp 3f\n 2: cld\n mov $1, %%ecx\n 3:\n"
                     "movq %%xmm5, %[after]"
                     : "=&c"(changed), [after] "=&r"(after)
                     : [mark] "r"(mark), [number] "r"(number)
                     : "rax", "rbx", "rdx", "rsi", "rdi", "r8", "r9", "r12", "r15", "xmm5", "xmm15", "cc", "memory");
    return changed | (after != number);
}

__attribute__((target("avx512f"))) static long compute_wide(long seed)
{
    __m512i value = _mm512_set1_epi64(seed), kept;
    unsigned short mask = (unsigned short)seed, after;
    __asm__ volatile("vmovdqa64 %2, %%zmm31\n vmovdqa64 %2, %%zmm9\n kmovw %3, %%k3\n mov $2000, %%ecx\n 1: dec %%ecx\n jnz 1b\n"
                     "vpandq %%zmm9, %%zmm31, %0\n kmovw %%k3, %%eax\n mov %%ax, %1"
                     : "=&v"(kept), "=&r"(after)
                     : "v"(value), "r"((unsigned int)mask)
                     : "rax", "rcx", "xmm9");
    return _mm512_cmpneq_epi64_mask(kept, value) != 0 || after != mask;
}

// x87: eight values on its stack, and 53-bit precision as control word.
static long compute_x87(void)
{
    double sum = 0;
    unsigned short control = 0x27f, after;
    __asm__ volatile("fldcw %1" ::"m"(sum), "m"(control));
    __asm__ volatile("fld1\n fld1\n fld1\n fld1\n fld1\n fld1\n fld1\n fld1\n mov $2000, %%ecx\n 1: dec %%ecx\n jnz 1b\n"
                     "faddp\n faddp\n faddp\n faddp\n faddp\n faddp\n faddp\n fstpl %0"
                     : "=m"(sum)
                     :
                     : "rcx", "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)", "st(7)");
    __asm__ volatile("fnstcw %0" : "=m"(after));
    return sum != 8 || after != control;
}

static void *spin(void *argument)
{
    long damaged = 0, wide = __builtin_cpu_supports("avx512f");
    (void)argument;
    unsigned short control = 0x27f;
    __asm__ volatile("fldcw %0" ::"m"(control));
    ready = 1;
    for (long round = 1; !stop; round++) {
        damaged += compute((unsigned long)round * 0x9e3779b97f4a7c15UL) != 0;
        damaged += wide ? compute_wide(round) : 0;
        damaged += compute_x87();
    }
    return (void *)damaged;
}

static void under_load(int signals)
{
    pthread_t thread;
    void *damaged;
    struct timespec pause = {0, 50000};
    handle(SIGUSR1, dirty, SA_RESTART, 0);
    count = stop = 0;
    pthread_create(&thread, NULL, spin, NULL);
    while (!ready)
        nanosleep(&pause, NULL);
    for (int i = 0; i < signals; i++) {
        int before = count;
        check("pthread_kill", pthread_kill(thread, SIGUSR1) == 0);
        for (int tries = 0; tries < 2000 && count == before; tries++)
            nanosleep(&pause, NULL);
        check("the spinning thread took it", count > before);
    }
    stop = 1;
    pthread_join(thread, &damaged);
    check("all registers intact", damaged == NULL);
    check("handlers start clean", wide_damage == 0);
}

static void *endless(void *argument)
{
    for (;;)
        __asm__ volatile("" ::: "memory");
    return argument;
}

static sigjmp_buf place;

static void leave(int number, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    siglongjmp(place, number);
}

static void *jumper(void *argument)
{
    volatile long jumps = 0;
    if (sigsetjmp(place, 1))
        jumps++;
    if (jumps < (long)argument)
        endless(NULL);
    return (void *)jumps;
}

static void jump_out(void)
{
    pthread_t thread;
    void *jumps;
    struct timespec pause = {0, 100000};
    handle(SIGUSR2, leave, 0, 0);
    pthread_create(&thread, NULL, jumper, (void *)50L);
    nanosleep(&pause, NULL);
    for (int i = 0; i < 100000 && pthread_kill(thread, 0) == 0; i++) {
        pthread_kill(thread, SIGUSR2);
        nanosleep(&pause, NULL);
        if (pthread_tryjoin_np(thread, &jumps) == 0)
            break;
    }
    check("out of an endless loop", jumps == (void *)50L);
}

static void masks(void)
{
    sigset_t set, old, waiting;
    // Each holds the others off: else an interrupt at a handler's first instruction would let the next one in before it.
    handle(SIGUSR1, note, 0, ~(sigset_t)0);
    handle(SIGRTMIN, note, 0, ~(sigset_t)0);
    handle(SIGRTMIN + 1, note, 0, ~(sigset_t)0);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGRTMIN);
    sigaddset(&set, SIGRTMIN + 1);
    count = orders = 0;
    check("blocked", pthread_sigmask(SIG_BLOCK, &set, &old) == 0);
    raise(SIGUSR1);
    raise(SIGUSR1);
    for (int i = 0; i < 3; i++) {
        check("queued", sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = i}) == 0);
        check("queued", sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = i}) == 0);
    }
    sigpending(&waiting);
    check("pending", count == 0 && waiting == set);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    check("ordinary ones once, real-time ones each", count == 7);
    int r = SIGRTMIN * 1000, expected[] = {SIGUSR1 * 1000, r, r + 1, r + 2, r + 1000, r + 1001, r + 1002};
    check("lowest first, in order", memcmp((int *)order, expected, sizeof expected) == 0);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    int queued = 0;
    while (queued < 100 && sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 1}) == 0)
        queued++;
    check("SIGQUEUE_MAX", queued == 32 && errno == EAGAIN);
    signal(SIGRTMIN, SIG_IGN);
    sigpending(&waiting);
    check("ignoring drops them", waiting == 0);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    check("wrong how", pthread_sigmask(77, &set, NULL) == EINVAL && sigprocmask(77, &set, NULL) == -1);
    check("not to be caught", sigaction(SIGKILL, &(struct sigaction){.sa_flags = 0}, NULL) == -1 && errno == EINVAL);
    check("not to be blocked", (sigfillset(&set), sigprocmask(SIG_SETMASK, &set, NULL)) == 0 &&
          (sigprocmask(SIG_SETMASK, &old, &set), !sigismember(&set, SIGKILL) && !sigismember(&set, SIGSTOP) && sigismember(&set, SIGINT)));
    check("no process", kill(4711, SIGINT) == -1 && errno == ESRCH);
    check("no signal", kill(getpid(), 64) == -1 && errno == EINVAL && raise(-1) == -1);
    check("harmless ones", raise(SIGCHLD) == 0 && raise(SIGTSTP) == 0 && raise(SIGWINCH) == 0);
    handle(SIGUSR1, note, SA_RESETHAND, 0);
    raise(SIGUSR1);
    check("SA_RESETHAND", sigaction(SIGUSR1, NULL, &(struct sigaction){0}) == 0 && signal(SIGUSR1, SIG_IGN) == SIG_DFL);
}

static void *killer(void *argument)
{
    struct timespec pause = {0, 20000000};
    nanosleep(&pause, NULL);
    pthread_kill(*(pthread_t *)argument, SIGUSR1);
    return NULL;
}

// Two signals on a thread's own alternate stack, one within the other.
static __thread char *alternate;
static volatile int on_it;

static void inner(int number, siginfo_t *info, void *context)
{
    char here;
    (void)number, (void)info, (void)context;
    on_it += &here >= alternate && &here < alternate + SIGSTKSZ ? 10 : 0;
}

static void outer(int number, siginfo_t *info, void *context)
{
    char here;
    (void)number, (void)info, (void)context;
    on_it += &here >= alternate && &here < alternate + SIGSTKSZ;
    raise(SIGUSR2);
}

static void *with_stack(void *argument)
{
    alternate = malloc(SIGSTKSZ);
    stack_t stack = {.ss_sp = alternate, .ss_size = SIGSTKSZ}, now;
    check("each thread begins without one", sigaltstack(&stack, &now) == 0 && now.ss_flags == SS_DISABLE);
    sem_post(argument);
    while (on_it < 33)
        ;
    check("it has left it", sigaltstack(NULL, &now) == 0 && now.ss_flags == 0);
    return NULL;
}

static void alternate_stacks(void)
{
    pthread_t thread;
    sem_t begun;
    struct timespec pause = {0, 1000000};
    sem_init(&begun, 0, 0);
    handle(SIGUSR1, outer, SA_ONSTACK, 0);
    handle(SIGUSR2, inner, SA_ONSTACK, 0);
    pthread_create(&thread, NULL, with_stack, &begun);
    sem_wait(&begun);
    for (int i = 1; i <= 3; i++) {
        pthread_kill(thread, SIGUSR1);
        while (on_it < 11 * i)
            nanosleep(&pause, NULL);
    }
    pthread_join(thread, NULL);
    check("both on the alternate stack, three times", on_it == 33);
}

static sem_t semaphore;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *mutex_holder(void *argument)
{
    pthread_mutex_lock(&mutex);
    sem_post(&semaphore);
    struct timespec pause = {0, 60000000};
    nanosleep(&pause, NULL);
    pthread_mutex_unlock(&mutex);
    return argument;
}

static void interrupted(void)
{
    pthread_t self = pthread_self(), thread, holder;
    struct timespec second = {1, 0}, rest = {0};
    handle(SIGUSR1, note, SA_RESTART, 0);
    count = 0;
    pthread_create(&thread, NULL, killer, &self);
    check("nanosleep ends, SA_RESTART or not", nanosleep(&second, &rest) == -1 && errno == EINTR && count == 1);
    check("the rest", rest.tv_sec == 0 && rest.tv_nsec > 100000000);
    pthread_join(thread, NULL);
    sem_init(&semaphore, 0, 0);
    handle(SIGUSR1, note, 0, 0);
    pthread_create(&thread, NULL, killer, &self);
    check("sem_wait", sem_wait(&semaphore) == -1 && errno == EINTR && count == 2);
    pthread_join(thread, NULL);
    pthread_create(&holder, NULL, mutex_holder, NULL);
    sem_wait(&semaphore);
    pthread_create(&thread, NULL, killer, &self);
    check("no handler ends a mutex's wait", pthread_mutex_lock(&mutex) == 0 && count == 3);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    pthread_join(holder, NULL);
}

int main(int argc, char **argv)
{
    under_load(argc > 1 ? atoi(argv[1]) : 300);
    jump_out();
    masks();
    interrupted();
    alternate_stacks();
    return done();
}
