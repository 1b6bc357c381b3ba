// With class_type_info.cc, which every program with virtual functions links.
// SPDX-License-Identifier: BSD-3-Clause
// gcc's references to this function are weak: they alone would not take it out of an archive, and the call of a pure
// virtual function would be a jump to address 0 instead of a message.
extern "C" void __cxa_pure_virtual();
extern "C" void __cxa_deleted_virtual();
namespace
{
void (*const named[])() __attribute__((used)) = {__cxa_pure_virtual, __cxa_deleted_virtual};
}
