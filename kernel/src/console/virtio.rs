//! todo
pub struct Console;
impl Console { pub fn new(_: &hermit_abi::boot::BootInfo) -> Self { Self } }
impl super::Isle for Console {
    fn write(&mut self, _: i32, _: &[u8]) -> Result<(), super::Errno> { Ok(()) }
    fn read(&mut self, _: &mut [u8]) -> Result<usize, super::Errno> { Ok(0) }
    fn exit(&mut self, _: u8) -> ! { loop {} }
    fn fault(&mut self, _: &super::Buffer, _: usize) -> ! { loop {} }
    fn ask_realtime(&mut self) -> u64 { 1 }
}
