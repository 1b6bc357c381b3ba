// A program that was taken over: it knows the nub's one gate and asks for what would undo the protection. All of it must be refused.
// SPDX-License-Identifier: BSD-3-Clause
#include <hermit/syscalls.h>
#include <stdio.h>
#include <string.h>

#include "gate.h"

// kernel/abi/src/core.rs and boot.rs
enum { READ = 1, WRITE = 2, EXEC = 4, DEVICE = 8, PAGE = 4096 };
#define IOAPIC 0xfec00000L
#define LAPIC 0xfee00000L
#define LARGE (2L << 20)

struct range {
    long start, len;
};

struct boot_info {
    char host[112];
    long load_bias;
    struct range info;
    long info_va, strings_va;
    struct range image;
    long image_va;
    struct range nub;
    long cr3;
    struct range table_pool;
    long lapic_va;
};

int main(void);

static int failures;
static gate_function *gate;

static void expect(const char *what, long got, long wanted)
{
    if (got != wanted)
        printf("FAILED: %s gave %ld\n", what, got);
    else
        printf("ok: %s\n", what);
    failures += got != wanted;
}

static const struct boot_info *boot_info(void)
{
    const struct boot_info *info;
    __asm__("mov %%gs:136, %0" : "=r"(info));
    return info;
}

static long gate_with_direction_flag(long va, long pages, long flags)
{
    long result;
    __asm__ volatile("std\n mov %1, %%r8\n call *%2\n cld"
                     : "=&a"(result)
                     : "r"((long)GATE_PROTECT), "r"(gate), "D"(va), "S"(0L), "d"(pages), "c"(flags)
                     : "r8", "r9", "r10", "r11", "memory", "cc");
    return result;
}

static void map_requests(const struct boot_info *info, long mine)
{
    long text = (long)main & -PAGE, own = info->image.start + ((long)&failures & -PAGE) - info->image_va;

    expect("the nub's frames, writable", gate(mine, info->nub.start, 1, READ | WRITE, GATE_MAP), -1);
    expect("the page tables, writable", gate(mine, info->cr3, 1, READ | WRITE, GATE_MAP), -1);
    expect("the page tables, readable", gate(mine, info->cr3, 1, READ, GATE_MAP), -1);
    expect("a run that ends in the nub's frames", gate(mine, info->nub.start - PAGE, 2, READ | WRITE, GATE_MAP), -1);
    expect("a run that spans the nub's frames", gate(mine, 0, 1 << 20, READ | WRITE, GATE_MAP), -1);
    expect("the text's frames, writable", gate(mine, text, 1, READ | WRITE, GATE_MAP), -1);
    expect("the nub's text, readable", gate(mine, (long)nub_start, 1, READ, GATE_MAP), -1);
    expect("the LAPIC", gate(mine, LAPIC, 1, READ | WRITE | DEVICE, GATE_MAP), -1);
    expect("messages to the LAPIC", gate(mine, LAPIC + PAGE, 1, READ | WRITE | DEVICE, GATE_MAP), -1);
    expect("the last of them", gate(mine, LAPIC + 0xff000, 1, READ | WRITE | DEVICE, GATE_MAP), -1);
    expect("the IOAPIC", gate(mine, IOAPIC, 1, READ | WRITE | DEVICE, GATE_MAP), -1);
    expect("something else as text", gate(text, own, 1, READ, GATE_MAP), -1);
    expect("no text", gate(text, 0, 1, 0, GATE_MAP), -1);
    expect("something else as page tables", gate(info->cr3, own, 1, READ | WRITE, GATE_MAP), -1);
    expect("no nub", gate(info->nub.start, 0, info->nub.len / PAGE, 0, GATE_MAP), -1);
    expect("something else as LAPIC", gate(info->lapic_va, own, 1, READ | WRITE, GATE_MAP), -1);
    expect("a run that spans the nub's addresses", gate(0, 0, 1 << 20, 0, GATE_MAP), -1);
    expect("writable and executable", gate(mine, own, 1, READ | WRITE | EXEC, GATE_MAP), -1);
    expect("executable without jit", gate(mine, own, 1, READ | EXEC, GATE_MAP), -1);
}

static void crooked_requests(long mine)
{
    expect("no pages", gate(mine, 0, 0, READ, GATE_MAP), -1);
    expect("an odd address", gate(mine + 1, 0x100000, 1, READ, GATE_MAP), -1);
    expect("an odd frame", gate(mine, 0x100001, 1, READ, GATE_MAP), -1);
    expect("unknown flags", gate(mine, 0x100000, 1, 1 << 10, GATE_MAP), -1);
    expect("more pages than there are addresses", gate(mine, 0x100000, 1L << 52, READ, GATE_MAP), -1);
    expect("minus one page", gate(mine, 0x100000, -1, READ, GATE_MAP), -1);
    expect("past the lower half", gate((1L << 47) - PAGE, 0x100000, 2, READ, GATE_MAP), -1);
    expect("the upper half", gate(-LARGE, 0x100000, 1, READ | WRITE, GATE_MAP), -1);
    expect("frames past all memory", gate(mine, (1L << 52) - PAGE, 2, READ, GATE_MAP), -1);
    expect("frames that wrap", gate(mine, -PAGE, 2, READ, GATE_MAP), -1);
}

static void other_requests(const struct boot_info *info, long mine)
{
    long text = (long)main & -PAGE;

    expect("writable text", gate(text, 0, 1, READ | WRITE, GATE_PROTECT), -1);
    expect("text without rights", gate(text, 0, 1, 0, GATE_PROTECT), -1);
    expect("page tables for ring 3", gate(info->cr3, 0, 1, READ | WRITE, GATE_PROTECT), -1);
    expect("the LAPIC for ring 3", gate(info->lapic_va, 0, 1, READ | WRITE, GATE_PROTECT), -1);
    expect("an executable stack", gate((long)&text & -PAGE, 0, 1, READ | EXEC, GATE_PROTECT), -1);
    expect("a writable and executable stack", gate((long)&text & -PAGE, 0, 1, READ | WRITE | EXEC, GATE_PROTECT), -1);
    expect("rights for what is not mapped", gate(1L << 46, 0, 1, READ | WRITE, GATE_PROTECT), -1);
    expect("other page tables", gate(mine, mine, 0, 0, GATE_SEAL), -1);
    expect("an INIT", gate(0, 0x500, 0, 0, GATE_IPI), -1);
    expect("an NMI", gate(0, 0x420, 0, 0, GATE_IPI), -1);
    expect("an exception's vector", gate(0, 8, 0, 0, GATE_IPI), -1);
    expect("a core that is none", gate(1 << 20, 0x21, 0, 0, GATE_IPI), -1);
    expect("the other cores once more", gate(0, 0, 0, 0, GATE_START), -1);
    expect("a gate that is none", gate(0, 0, 0, 0, 99), -1);
    expect("a gate of negative number", gate(0, 0, 0, 0, -1), -1);
}

int main(void)
{
    static char page[2 * PAGE] __attribute__((aligned(4096)));
    const struct boot_info *info = boot_info();
    char *large = sys_mmap(NULL, 2 * LARGE, READ | WRITE, 0x1002, -1, 0);

    gate = find_gate();
    if (!gate) {
        puts("no gate found");
        return 2;
    }
    memset(large, 7, 2 * LARGE);
    map_requests(info, (long)page);
    crooked_requests((long)page);
    other_requests(info, (long)page);
    // The direction flag is ring 3's, but string instructions of ring 0 must not obey it: this splits a large page.
    expect("a page of a large one, backwards", gate_with_direction_flag((long)large + LARGE + 8 * PAGE, 1, READ), 0);
    for (long i = 0; i < 2 * LARGE; i += PAGE)
        failures += large[i] != 7;
    expect("a timer", gate(1000, 0, 0, 0, GATE_TIMER), 0);
    printf("%d failures\n", failures);
    return failures != 0;
}
