"""QEMU's command line: a lean microvm that boots an image by its PVH note (see the platform facts in docs/hosts.md)."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
from collections.abc import Mapping

# No PIC, PIT, RTC or ACPI: each costs boot time where ring 0 is emulated; COM1 stays for panics.
_MACHINE = "microvm,pic=off,pit=off,rtc=off,acpi=off,isa-serial=on"
# qboot: SeaBIOS takes 1.4 s on a KVM that emulates real mode, 20 ms more under TCG.
_FIRMWARE = "qboot.rom"
# IA32_ARCH_CAPABILITIES tells of flaws, which no guest of ours asks about; some KVMs offer it and then refuse it, and
# QEMU aborts.
_HOST_CPU = "host,arch-capabilities=off"
EXIT_PORT = 0x501  # isa-debug-exit: how a guest ends QEMU before its ports work; status 2 * value + 1


def command(
    qemu: str, image: str, boot_info: str, ports: Mapping[str, int], *, memory: int, kvm: bool, cores: int,
) -> list[str]:
    """The words. `boot_info` is a path, `ports` maps port names and "serial" to open sockets, `memory` is in bytes."""
    words = [qemu, *_data(qemu), "-machine", _MACHINE]
    words += ["-accel", "kvm" if kvm else "tcg,thread=multi", "-cpu", _HOST_CPU if kvm else "max"]
    # One package of single threads: APIC ids count from 0.
    words += ["-m", f"{-(-memory // 1024)}k", "-smp", f"{cores},sockets=1,cores={cores},threads=1"]
    words += ["-no-user-config", "-nodefaults", "-no-reboot"]
    words += ["-display", "none", "-monitor", "none", "-kernel", image, "-initrd", boot_info]
    words += ["-global", "virtio-mmio.force-legacy=false", "-device", f"isa-debug-exit,iobase={EXIT_PORT:#x},iosize=4"]
    words += ["-chardev", f"socket,id=serial,fd={ports['serial']}", "-serial", "chardev:serial"]
    words += ["-device", f"virtio-serial-device,max_ports={len(ports)}"]
    names = [name for name in ports if name.startswith("hermit.")]
    for number, name in enumerate(names, 1):  # port 0 is the console's
        words += ["-chardev", f"socket,id=port{number},fd={ports[name]}"]
        words += ["-device", f"virtserialport,nr={number},chardev=port{number},name={name}"]
    return words


def _data(qemu: str) -> list[str]:
    """The firmware of an unpacked tree; an installed QEMU knows its own."""
    folder = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(qemu))), "share", "qemu")
    if not os.path.isfile(os.path.join(folder, _FIRMWARE)):
        return []
    return ["-L", folder, "-bios", _FIRMWARE]


def environment(qemu: str) -> dict[str, str]:
    """QEMU's own environment: its accelerators are modules beside it."""
    root = os.path.dirname(os.path.dirname(os.path.realpath(qemu)))
    modules = os.path.join(root, "lib", "x86_64-linux-gnu", "qemu")
    return {"PATH": "/var/empty", "LC_ALL": "C", "QEMU_MODULE_DIR": modules}
