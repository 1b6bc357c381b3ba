! Ends of a program, by its first argument: codes, messages, and where they came from.
! SPDX-License-Identifier: BSD-3-Clause
module ending
  implicit none
contains
  subroutine store(a, n)
    real, intent(inout) :: a(:)
    integer, intent(in) :: n
    a(n) = 1.0
  end subroutine store

  subroutine divide_in_threads(zero)
    use omp_lib, only: omp_get_thread_num
    real, intent(in) :: zero
    real :: parts(0:3)
    !$omp parallel num_threads(4)
    if (omp_get_thread_num() == 3) parts(3) = 1.0 / zero
    !$omp end parallel
    print *, parts(3)
  end subroutine divide_in_threads
end module ending

program fortran_end
  use ending
  implicit none
  character(len=20) :: how
  real :: a(10) = 0, zero
  integer :: n, status
  integer, allocatable :: none(:)
  call get_command_argument(1, how)
  write (*, '(a)', advance='no') 'unfinished '
  zero = 0 * len_trim(how)
  n = 10 + min(1, len_trim(how))
  select case (how)
  case ('end')
  case ('stop')
    stop
  case ('stop-7')
    stop 7
  case ('stop-words')
    stop 'these words'
  case ('quiet')
    stop 5, quiet=.true.
  case ('error-stop-9')
    error stop 9
  case ('error-stop-words')
    error stop 'these words'
  case ('exit')
    call exit(200)
  case ('abort')
    call abort()
  case ('bounds')
    call store(a, n)
  case ('read')
    read (how, *) n
  case ('unit')
    open (10, file='/nowhere/at/all', status='old')
  case ('unallocated')
    print *, none(1)
  case ('allocate')
    allocate (none(huge(1) * 1000_8), stat=status)
    if (status /= 0) print '(a)', 'told of no memory'
    allocate (none(huge(1) * 1000_8))
  case ('command')
    call execute_command_line('true', cmdstat=status)
    if (status /= 0) print '(a)', 'told of no commands'
    call execute_command_line('true')
  case ('divide')
    print *, 1.0 / zero
  case ('divide-in-a-thread')
    call divide_in_threads(zero)
  case ('recursion')
    call deeper(1)
  case ('trace')
    call backtrace()
    print '(a)', 'goes on'
  end select
contains
  recursive subroutine deeper(n)
    integer, intent(in) :: n
    integer :: room(1000)
    room = n
    call deeper(room(1) + 1)
    print *, room
  end subroutine deeper
end program fortran_end
