// malloc in many threads: blocks stay whole, whoever frees them; what threads kept comes back when they end.
// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 128, SLOTS = 64, SHARED = 1024, QUEUE = 256 };

static atomic_int failures;

static void check(const char *what, int holds)
{
    if (!holds) {
        printf("FAILED: %s\n", what);
        failures++;
    }
}

static unsigned next(unsigned *state) { return (*state = *state * 1664525u + 1013904223u) >> 8; }

// A block knows how long it is, and holds one value throughout.
struct block {
    size_t len;
    unsigned char value, rest[];
};

static struct block *made(unsigned *state)
{
    size_t len = next(state) % (next(state) % 50 ? 700 : 40000);
    struct block *block = next(state) % 8 ? malloc(sizeof *block + len) : calloc(1, sizeof *block + len);

    if (block == NULL)
        return NULL;
    block->len = len;
    block->value = (unsigned char)next(state);
    memset(block->rest, block->value, len);
    return block;
}

static int is_whole(const struct block *block)
{
    for (size_t i = 0; i < block->len; i++)
        if (block->rest[i] != block->value)
            return 0;
    return 1;
}

static struct block *resized(struct block *block, unsigned *state)
{
    size_t len = next(state) % 900, kept = block->len < len ? block->len : len;
    struct block *place = realloc(block, sizeof *place + len);

    if (place == NULL)
        return block;
    place->len = kept;
    check("what realloc moves stays whole", is_whole(place));
    place->len = len;
    memset(place->rest, place->value, len);
    return place;
}

static int rounds;

// Each thread its own blocks.
static void *apart(void *data)
{
    struct block *slots[SLOTS] = {NULL};
    unsigned state = (unsigned)(uintptr_t)data;

    for (int i = 0; i < rounds; i++) {
        struct block **slot = &slots[next(&state) % SLOTS];
        if (*slot != NULL)
            check("a block of this thread is whole", is_whole(*slot));
        if (*slot != NULL && next(&state) % 8 == 0) {
            *slot = resized(*slot, &state);
            continue;
        }
        free(*slot);
        *slot = made(&state);
    }
    for (int i = 0; i < SLOTS; i++)
        free(slots[i]);
    return NULL;
}

static _Atomic(struct block *) shared[SHARED];

// All threads the same blocks: most are freed by another one than that which made them.
static void *together(void *data)
{
    unsigned state = (unsigned)(uintptr_t)data;

    for (int i = 0; i < rounds; i++) {
        struct block *block = atomic_exchange(&shared[next(&state) % SHARED], made(&state));
        if (block != NULL)
            check("a block of another thread is whole", is_whole(block));
        free(block);
    }
    return NULL;
}

static void run(int count, void *(*function)(void *))
{
    pthread_t threads[MOST];

    for (int i = 0; i < count; i++)
        check("a thread starts", pthread_create(&threads[i], NULL, function, (void *)(uintptr_t)(i + 1)) == 0);
    for (int i = 0; i < count; i++)
        check("and ends", pthread_join(threads[i], NULL) == 0);
}

static void all_back(const char *what, size_t before)
{
    size_t now = mallinfo().uordblks;

    // the library's own blocks, such as the pool of locks of streams, are few
    if (now > before + 16384)
        printf("%s: %zu bytes in use before, %zu after\n", what, before, now);
    check(what, now <= before + 16384);
}

static void *producer(void *data)
{
    _Atomic(void *) *queue = data;

    for (int i = 0; i < rounds; i++) {
        void *block = malloc(200);
        while (atomic_load(&queue[i % QUEUE]) != NULL)
            sched_yield();
        atomic_store(&queue[i % QUEUE], block);
    }
    return NULL;
}

// One thread only makes, the other only frees: neither hoards.
static void one_way(void)
{
    static _Atomic(void *) queue[QUEUE];
    size_t arena = mallinfo().arena;
    pthread_t thread;

    check("the producer starts", pthread_create(&thread, NULL, producer, queue) == 0);
    for (int i = 0; i < rounds; i++) {
        void *block;
        while ((block = atomic_exchange(&queue[i % QUEUE], NULL)) == NULL)
            sched_yield();
        free(block);
    }
    pthread_join(thread, NULL);
    check("a producer and a consumer need no more memory the longer they run", mallinfo().arena < arena + (1 << 20));
}

static void *kept(void *data)
{
    void *blocks[40];

    for (int i = 0; i < 40; i++)
        blocks[i] = malloc(100);
    for (int i = 0; i < 40; i++)
        free(blocks[i]);
    return data;
}

static void many_ends(void)
{
    size_t before = mallinfo().uordblks;

    for (int i = 0; i < 500; i++)
        run(1, kept);
    all_back("500 threads in turn leave nothing behind", before);
}

static void *greedy(void *data)
{
    void *list = NULL, *block;

    while ((block = malloc(1 + (uintptr_t)data * 300)) != NULL) {
        *(void **)block = list;
        list = block;
    }
    check("no memory is ENOMEM", errno == ENOMEM);
    for (; list != NULL; list = block) {
        block = *(void **)list;
        free(list);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    int threads = argc > 1 ? atoi(argv[1]) : 8;
    size_t before;

    rounds = argc > 2 ? atoi(argv[2]) : 5000;
    run(1, kept); // what the first thread needs for good
    before = mallinfo().uordblks;
    run(threads, apart);
    all_back("threads with blocks of their own leave nothing behind", before);
    run(threads, together);
    for (int i = 0; i < SHARED; i++)
        free(atomic_exchange(&shared[i], NULL));
    all_back("threads with blocks of each other leave nothing behind", before);
    one_way();
    many_ends();
    run(3, greedy);
    all_back("threads that use up all memory leave nothing behind", before);
    printf("%d failures\n", failures);
    return failures != 0;
}
