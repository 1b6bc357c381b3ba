//! The virtio-serial device of QEMU's microvm: found, set up, and its ports opened by name (virtio 1.1, 5.3).
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use super::virtqueue::{Queue, ENTRIES};
use crate::arch::port;
use crate::memory::device::Registers;
use crate::memory::shared::Buffer;
use crate::{clock, wait};

/// microvm's transports: hw/i386/microvm.c of QEMU; the last one is filled first.
const TRANSPORTS: u64 = 0xfeb0_0000;
const TRANSPORT_LEN: u64 = 0x200;
const TRANSPORT_PAGES: u64 = 3;

const MAGIC: u64 = 0x00;
const VERSION: u64 = 0x04;
const DEVICE_ID: u64 = 0x08;
const DRIVER_FEATURES: u64 = 0x20;
const DRIVER_FEATURES_SELECT: u64 = 0x24;
const STATUS: u64 = 0x70;
const MAGIC_VALUE: u32 = 0x7472_6976;
const CONSOLE: u32 = 3;

/// Bits of the status register: ACKNOWLEDGE and DRIVER; FEATURES_OK; DRIVER_OK.
const ACKNOWLEDGED: u32 = 1 | 2;
const FEATURES_OK: u32 = 8;
const DRIVER_OK: u32 = 4;
/// Feature word 0: several ports. Word 1: version 1.
const MULTIPORT: u32 = 1 << 1;
const VERSION_1: u32 = 1 << 0;

/// Queues of the device's own control channel.
const CONTROL_IN: u32 = 2;
const CONTROL_OUT: u32 = 3;
/// Its events.
const DEVICE_READY: u16 = 0;
const PORT_ADD: u16 = 1;
const PORT_READY: u16 = 3;
const PORT_OPEN: u16 = 6;
const PORT_NAME: u16 = 7;
/// A message: u32 port, u16 event, u16 value, then a name where the event has one.
const HEADER: usize = 8;
const MESSAGE: usize = 64;

/// Ports that are looked at: 1 to this.
pub const PORTS: usize = 4;
/// How long the device may take to name its ports, ns.
const PATIENCE: u64 = 10_000_000_000;

/// One port's two queues.
pub struct Port {
    /// From the host.
    pub input: Queue,
    /// To the host.
    pub output: Queue,
}

/// Finds the device, opens the ports named `names`, and gives its registers and the ports in the order of the names.
pub fn open(names: [&str; PORTS]) -> (Registers, [Port; PORTS]) {
    let Some(device) = find() else { no_console() };
    device.write(STATUS, 0);
    device.write(STATUS, ACKNOWLEDGED);
    for (word, bits) in [(0, MULTIPORT), (1, VERSION_1)] {
        device.write(DRIVER_FEATURES_SELECT, word);
        device.write(DRIVER_FEATURES, bits);
    }
    device.write(STATUS, ACKNOWLEDGED | FEATURES_OK);
    let mut control = Control::new(device);
    let mut ports = [1, 2, 3, 4].map(|number: u32| {
        let input = 2 * (number + 1);
        Some(Port { input: Queue::new(&device, input), output: Queue::new(&device, input + 1) })
    });
    device.write(STATUS, ACKNOWLEDGED | FEATURES_OK | DRIVER_OK);
    control.start();
    let numbers = control.find_ports(names);
    let ordered = numbers
        .map(|number| ports.get_mut(number.wrapping_sub(1)).and_then(Option::take).unwrap_or_else(|| no_console()));
    (device, ordered)
}

fn no_console() -> ! {
    port::serial_exit("kernel: QEMU has no console for this program: start it with `proxy FILE [args...]`\n", 125)
}

fn find() -> Option<Registers> {
    let all = Registers::map(TRANSPORTS, TRANSPORT_PAGES).ok()?;
    let slots = TRANSPORT_PAGES * hermit_abi::PAGE / TRANSPORT_LEN;
    let mut devices = (0..slots).rev().map(|slot| all.part(slot * TRANSPORT_LEN, TRANSPORT_LEN));
    devices.find(|device| {
        device.read(DEVICE_ID) == CONSOLE && device.read(MAGIC) == MAGIC_VALUE && device.read(VERSION) == 2
    })
}

/// The device's control channel.
struct Control {
    device: Registers,
    input: Queue,
    output: Queue,
    /// `ENTRIES` messages from the device, then one to it.
    messages: Buffer,
}

impl Control {
    fn new(device: Registers) -> Self {
        let messages = Buffer::new(MESSAGE as u64 * (u64::from(ENTRIES) + 1), 8);
        Self { device, input: Queue::new(&device, CONTROL_IN), output: Queue::new(&device, CONTROL_OUT), messages }
    }

    /// All buffers first: what the device cannot deliver it drops.
    fn start(&mut self) {
        for slot in 0..ENTRIES {
            self.offer(slot);
        }
        self.input.notify(&self.device);
        self.send(0, DEVICE_READY);
    }

    fn offer(&mut self, slot: u16) {
        self.input.offer(slot, self.messages.pa(MESSAGE * usize::from(slot)), MESSAGE as u32, true);
    }

    fn send(&mut self, port: u32, event: u16) {
        let at = MESSAGE * usize::from(ENTRIES);
        self.messages.put_value(at, port);
        self.messages.put_value(at + 4, event);
        self.messages.put_value(at + 6, 1_u16);
        self.output.offer(0, self.messages.pa(at), HEADER as u32, false);
        self.output.notify(&self.device);
        while !self.output.is_idle() {
            wait::spin(1000, || false);
        }
    }

    /// Answers the device until all `names` are known and open; gives their port numbers.
    fn find_ports(&mut self, names: [&str; PORTS]) -> [usize; PORTS] {
        let mut numbers = [0; PORTS];
        let end = clock::monotonic() + PATIENCE;
        while numbers.contains(&0) {
            let Some((slot, len)) = self.input.take_used() else {
                if clock::monotonic() > end {
                    no_console();
                }
                wait::spin(1000, || false);
                continue;
            };
            let mut message = [0; MESSAGE];
            self.messages.get(MESSAGE * usize::from(slot % ENTRIES), &mut message);
            self.offer(slot);
            let port = u32::from_le_bytes([message[0], message[1], message[2], message[3]]);
            match u16::from_le_bytes([message[4], message[5]]) {
                PORT_ADD => self.send(port, PORT_READY),
                PORT_NAME => {
                    let name =
                        message[HEADER..len.clamp(HEADER, MESSAGE)].split(|byte| *byte == 0).next().unwrap_or(&[]);
                    if let Some(index) = names.iter().position(|wanted| wanted.as_bytes() == name) {
                        numbers[index] = port as usize;
                        self.send(port, PORT_OPEN);
                    }
                }
                _ => {}
            }
        }
        numbers
    }
}
