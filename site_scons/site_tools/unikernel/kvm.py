"""Whether this process may use KVM, and if not, why and how to mend it."""
# SPDX-License-Identifier: BSD-3-Clause
# proxy imports this on every start: nothing heavier than fcntl.
import errno
import fcntl
import os

DEVICE = "/dev/kvm"
_KVM_CREATE_VM = 0xAE01  # linux/kvm.h: _IO(KVMIO, 0x01)


def why_not(device: str = DEVICE) -> str:
    """"" if the device opens and a machine can be created (0.3 ms), else what is wrong and how to mend it."""
    try:
        handle = os.open(device, os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        return _reason(device, error)
    try:
        os.close(fcntl.ioctl(handle, _KVM_CREATE_VM, 0))
    except OSError as error:
        return f"{device} makes no machine: {error.strerror}"
    finally:
        os.close(handle)
    return ""


def _reason(device: str, error: OSError) -> str:
    if error.errno == errno.ENOENT:
        return f"no {device} (switch virtualization on in the firmware and load kvm_intel or kvm_amd)"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"no permission on {device} (join the group kvm: sudo usermod -aG kvm $USER, then log in anew)"
    return f"{device} does not open: {error.strerror}"
