! The smallest Fortran program: formatted output, and its arguments.
! SPDX-License-Identifier: BSD-3-Clause
program hello
  implicit none
  character(len=:), allocatable :: argument
  integer :: n, length

  print '(a)', 'Hello, world, from Fortran!'
  do n = 1, command_argument_count()
    call get_command_argument(n, length=length)
    allocate (character(len=length) :: argument)
    call get_command_argument(n, argument)
    print '(a, i0, 2a)', 'argument ', n, ': ', argument
    deallocate (argument)
  end do
end program hello
