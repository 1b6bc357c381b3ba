! What it costs to write and to read numbers by formats and lists, into variables and into a file.
! SPDX-License-Identifier: BSD-3-Clause
program output
  use, intrinsic :: iso_fortran_env, only: real64, int64
  implicit none
  integer, parameter :: rounds = 7, calls = 2000
  real(real64) :: x(8), y(8)
  integer :: n(8), unit, kind_of
  character(len=400) :: line

  x = [1.5_real64, -2.25e-7_real64, 3.14159265358979_real64, 6.02e23_real64, 1e-300_real64, 0.1_real64, 12345.678_real64, &
       0.0_real64]
  n = [1, -22, 333, -4444, 55555, -666666, 7777777, 0]
  open (newunit=unit, file='/dev/null', action='write')
  do kind_of = 1, 10
    call measure(kind_of)
  end do
contains
  subroutine measure(which)
    integer, intent(in) :: which
    integer(int64) :: start, finish
    real(real64) :: best
    integer :: round, call
    best = huge(best)
    do round = 1, rounds
      call system_clock(start)
      do call = 1, calls
        call once(which)
      end do
      call system_clock(finish)
      best = min(best, real(finish - start, real64) / calls)
    end do
    print '(2a, f0.3)', trim(name(which)), ': ', best
  end subroutine measure

  function name(which)
    integer, intent(in) :: which
    character(len=12) :: name
    character(len=12), parameter :: names(10) = [character(len=12) :: 'fixed', 'exponents', 'scientific', 'general', &
      'integers', 'words', 'list', 'file', 'reading', 'reading-list']
    name = names(which)
  end function name

  subroutine once(which)
    integer, intent(in) :: which
    select case (which)
    case (1)
      write (line, '(8f14.6)') x * 1e-20_real64
    case (2)
      write (line, '(8e24.15)') x
    case (3)
      write (line, '(8es13.5e3)') x
    case (4)
      write (line, '(8g16.8)') x
    case (5)
      write (line, '(8i10)') n
    case (6)
      write (line, '(a, 1x, i0, 1x, l1, 3x, a10)') 'a word or two', n(3), .true., 'right'
    case (7)
      write (line, *) x, n
    case (8)
      write (unit, '(i6, 3es16.8)') n(2), x(1:3)
    case (9)
      line = '  1.500000E+00 -2.250000E-07  3.141593E+00  6.020000E+23'
      read (line, '(4e14.6)') y(1:4)
    case (10)
      line = ' 1.5 -2.25e-7 3.14159265358979 6.02e23'
      read (line, *) y(1:4)
    end select
  end subroutine once
end program output
