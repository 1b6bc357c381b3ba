! What a Fortran Makefile passes: the same result by every set of flags, or the trap that was asked for.
! SPDX-License-Identifier: BSD-3-Clause
program flags
  implicit none
  real :: x(4), zero
  integer :: i
  character(len=16) :: which
  call get_command_argument(1, which)
  print '(A, I0)', 'kind ', kind(x)
  do i = 1, 4
    x(i) = real(i)
  end do
  print '(A, F6.2)', 'sum', sum(x)
  zero = x(1) - 1
  select case (which)
  case ('zero')
    print *, x(2) / zero
  case ('unset')
    call unset()
  case ('overflow')
    i = huge(i) - int(zero)
    i = i + int(x(1))
    print '(A, I0)', 'went on ', i
  end select
  print '(A)', 'end'
contains
  subroutine unset()
    real :: y
    print *, y + x(1)
  end subroutine
end program
