// The kernel's memory: heap, mappings, rights, and that nothing is writable and executable. Prints a line for each thing that holds.
// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <hermit/syscalls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { READ = 1, WRITE = 2, EXEC = 4, FIXED = 0x10, ANON = 0x1002, PAGE = 4096 };
#define LARGE (2L << 20)

int main(int argc, char **argv);

static int failures;

static void check(const char *what, int holds)
{
    // not printf: the heap under test would be its own
    const char *verdict = holds ? "ok: " : "FAILED: ";
    sys_write(1, verdict, strlen(verdict));
    sys_write(1, what, strlen(what));
    sys_write(1, "\n", 1);
    failures += !holds;
}

static char *map(void *at, size_t len, int prot, int flags)
{
    return sys_mmap(at, len, prot, ANON | flags, -1, 0);
}

static int is_error(const void *p, int error) { return (long)p == -error; }

static int is_zero(const char *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (p[i])
            return 0;
    return 1;
}

static void heap(void)
{
    char *old = sys_sbrk(0), *first = sys_sbrk(3 * LARGE);

    check("sbrk gives the old break", first == old);
    check("fresh heap is zero", is_zero(first, 3 * LARGE));
    memset(first, 7, 3 * LARGE);
    sys_sbrk(-3 * LARGE);
    check("the break goes back", sys_sbrk(0) == old);
    check("heap that comes back is zero", is_zero(sys_sbrk(3 * LARGE), 3 * LARGE));
    sys_sbrk(-3 * LARGE);
    check("too much heap is ENOMEM", is_error(sys_sbrk(1L << 40), ENOMEM));
    check("the break never goes below its start", is_error(sys_sbrk(-(1L << 40)), EINVAL) || is_error(sys_sbrk(-(1L << 40)), ENOMEM));
    check("and stays where it was", sys_sbrk(0) == old);
}

static void mappings(void)
{
    uint64_t free_before = sys_memory_free();
    char *p = map(NULL, 10 * PAGE, READ | WRITE, 0), *big;

    check("a mapping is page aligned", (long)p % PAGE == 0 && (long)p > 0);
    check("and zero", is_zero(p, 10 * PAGE));
    check("and counted", sys_memory_free() == free_before - 10 * PAGE);
    memset(p, 1, 10 * PAGE);
    check("a hole can be made", sys_munmap(p + 3 * PAGE, 2 * PAGE) == 0);
    check("and filled", map(p + 3 * PAGE, 2 * PAGE, READ | WRITE, FIXED) == p + 3 * PAGE);
    check("with zeroes", is_zero(p + 3 * PAGE, 2 * PAGE) && p[3 * PAGE - 1] == 1 && p[5 * PAGE] == 1);
    check("MAP_FIXED replaces", map(p, PAGE, READ | WRITE, FIXED) == p && is_zero(p, PAGE));
    check("all of it goes back", sys_munmap(p, 10 * PAGE) == 0 && sys_memory_free() == free_before);
    check("twice is no error", sys_munmap(p, 10 * PAGE) == 0);
    big = map(NULL, 4 * LARGE, READ | WRITE, 0);
    check("a large mapping has large pages", (long)big % LARGE == 0);
    big[LARGE] = 5;
    check("its middle can go", sys_munmap(big + LARGE, LARGE) == 0 && map(big + LARGE, LARGE, READ | WRITE, FIXED) == big + LARGE);
    check("and is zero again", is_zero(big + LARGE, LARGE));
    sys_munmap(big, 4 * LARGE);
    check("more than there is: ENOMEM", is_error(map(NULL, 1L << 40, READ | WRITE, 0), ENOMEM));
    check("all there could be: ENOMEM", is_error(map(NULL, -1UL, READ | WRITE, 0), ENOMEM));
    check("nothing: EINVAL", is_error(map(NULL, 0, READ | WRITE, 0), EINVAL));
    check("MAP_FIXED outside the memory: EINVAL", is_error(map((void *)PAGE, PAGE, READ, FIXED), EINVAL));
    check("over the stack: EINVAL", is_error(map((void *)((long)&free_before & -PAGE), PAGE, READ, FIXED), EINVAL));
    check("munmap of a crooked address: EINVAL", sys_munmap(p + 1, PAGE) == -EINVAL);
    check("munmap of the image: EINVAL", sys_munmap((void *)((long)&failures & -PAGE), PAGE) == -EINVAL);
}

static void many(void)
{
    static char *pages[600];
    uint64_t free_before = sys_memory_free();
    int good = 1;

    for (int i = 0; i < 600; i++)
        good &= (long)(pages[i] = map(NULL, PAGE, READ | WRITE, 0)) > 0;
    for (int i = 0; i < 600; i += 2)
        good &= sys_munmap(pages[i], PAGE) == 0;
    for (int i = 0; i < 600; i += 2)
        good &= (long)(pages[i] = map(NULL, PAGE, READ | WRITE, 0)) > 0 && is_zero(pages[i], PAGE);
    for (int i = 0; i < 600; i++)
        good &= sys_munmap(pages[i], PAGE) == 0;
    check("600 pages, every second one given back and taken again", good && sys_memory_free() == free_before);
}

// Over what is mapped and what is not, in more than one table of pages.
static void over_holes(void)
{
    enum { PAGES = 1100 };
    char *p = map(NULL, PAGES * PAGE, READ | WRITE, 0);

    memset(p, 1, PAGES * PAGE);
    sys_munmap(p + 100 * PAGE, 700 * PAGE);
    sys_munmap(p + 850 * PAGE, PAGE);
    sys_munmap(p + 900 * PAGE, 37 * PAGE);
    check("one mapping over three holes", map(p, PAGES * PAGE, READ | WRITE, FIXED) == p && is_zero(p, PAGES * PAGE));
    for (int i = 0; i < PAGES; i++)
        p[i * PAGE] = (char)(i % 100 + 1);
    int good = 1;
    for (int i = 0; i < PAGES; i++)
        good &= p[i * PAGE] == i % 100 + 1;
    check("and each of its pages is one", good);
    sys_munmap(p, PAGES * PAGE);
}

static void heap_over_mappings(void)
{
    char *p = map(NULL, 2 * LARGE, READ | WRITE, 0), *start = sys_sbrk(0);
    long len = p + 2 * LARGE - start;

    memset(p, 3, 2 * LARGE);
    check("the heap stops at a mapping", is_error(sys_sbrk(len), ENOMEM));
    sys_munmap(p, 2 * LARGE);
    check("and grows over one that was given back", sys_sbrk(len) == start);
    check("where it is zero", is_zero(p, 2 * LARGE));
    sys_sbrk(-len);
}

static void mappings_over_the_heap(void)
{
    char *old = sys_sbrk(0), *start = (char *)(((long)old + PAGE - 1) & -PAGE), *p;

    memset(sys_sbrk(3 * LARGE), 7, 3 * LARGE);
    sys_mprotect(start + LARGE, PAGE, READ);
    sys_sbrk(-3 * LARGE);
    p = map(start + LARGE, 2 * PAGE, READ | WRITE, FIXED);
    check("a mapping where the heap was", p == start + LARGE);
    check("is zero", is_zero(p, 2 * PAGE));
    p[0] = 1;
    sys_munmap(p, 2 * PAGE);
    check("and the heap comes back there", sys_sbrk(3 * LARGE) == old && is_zero(old, 3 * LARGE));
    sys_sbrk(-3 * LARGE);
}

// Every second page given back until the kernel can note no more: what fails changes nothing, and all can still go back.
static void most_holes(void)
{
    enum { PAGES = 2100 };
    uint64_t free_before = sys_memory_free();
    char *p = map(NULL, PAGES * PAGE, READ | WRITE, 0);
    int i = 0, result = 0;

    memset(p, 1, PAGES * PAGE);
    while (i < PAGES && (result = sys_munmap(p + i * PAGE, PAGE)) == 0)
        i += 2;
    check("too many holes: ENOMEM", result == -ENOMEM);
    check("and no hole", ((volatile char *)p)[i * PAGE] == 1);
    check("all of it goes back all the same", sys_munmap(p, PAGES * PAGE) == 0 && sys_memory_free() == free_before);
}

static void rights(int jit)
{
    char *p = map(NULL, 4 * PAGE, READ | WRITE, 0);
    char *text = (char *)((long)main & -PAGE);

    p[0] = 9;
    check("read only", sys_mprotect(p, PAGE, READ) == 0 && p[0] == 9);
    check("no rights and back", sys_mprotect(p, PAGE, 0) == 0 && sys_mprotect(p, PAGE, READ | WRITE) == 0 && p[0] == 9);
    check("writable and executable: EACCES", sys_mprotect(p, PAGE, READ | WRITE | EXEC) == -EACCES);
    check("and not by mmap either", is_error(map(NULL, PAGE, READ | WRITE | EXEC, 0), EACCES));
    check(jit ? "executable with jit" : "executable without jit: EACCES", sys_mprotect(p, PAGE, READ | EXEC) == (jit ? 0 : -EACCES));
    check("text stays: EACCES", sys_mprotect(text, PAGE, READ | WRITE) == -EACCES);
    check("what is not mapped: ENOMEM", sys_mprotect((void *)(1L << 40), PAGE, READ) == -ENOMEM);
    check("no rights for no pages", sys_mprotect(p, 0, 0) == 0 && p[0] == 9);
    check("unknown rights: EINVAL", sys_mprotect(p, PAGE, 64) == -EINVAL);
    if (jit) {
        sys_mprotect(p, PAGE, READ | WRITE);
        memcpy(p, "\xb8\x2a\0\0\0\xc3", 6); // mov $42, %eax; ret
        sys_mprotect(p, PAGE, READ | EXEC);
        check("code that the program made", ((int (*)(void))p)() == 42);
    }
    sys_munmap(p, 4 * PAGE);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--use-after-unmap") == 0) {
        char *p = map(NULL, PAGE, READ | WRITE, 0);
        sys_munmap(p, PAGE);
        return *(volatile char *)p;
    }
    if (argc > 1 && strcmp(argv[1], "--guard") == 0) {
        char *p = map(NULL, 3 * PAGE, READ | WRITE, 0);
        sys_mprotect(p, PAGE, 0);
        p[PAGE] = 1;
        puts("above the guard");
        fflush(stdout);
        return ((volatile char *)p)[PAGE - 1];
    }
    heap();
    mappings();
    many();
    over_holes();
    heap_over_mappings();
    mappings_over_the_heap();
    most_holes();
    rights(argc > 1 && strcmp(argv[1], "--jit") == 0);
    printf("%d failures\n", failures);
    return failures != 0;
}
