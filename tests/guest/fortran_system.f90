! What a program asks of the system it runs on: arguments, environment, clocks, commands, files, signals.
! SPDX-License-Identifier: BSD-3-Clause
program fortran_system
  use fortran_check
  use, intrinsic :: iso_fortran_env
  implicit none

  call arguments_and_environment()
  call clocks()
  call random()
  call commands_and_files()
  call check(len(compiler_version()) > 3 .and. index(compiler_options(), '-O') > 0, 'compiler')
  call finish()
contains
  subroutine arguments_and_environment()
    character(len=5) :: word
    character(len=100) :: line
    integer :: length, status
    call check(command_argument_count() == 2, 'count')
    call get_command_argument(2, word, length, status)
    call check(word == 'two w' .and. length == 9 .and. status == -1, 'an argument that is cut')
    call get_command_argument(3, word, length, status)
    call check(length == 0 .and. status > 0, 'no such argument')
    call get_command(line, length, status)
    call check(status == 0 .and. index(line, ' one two words') > 0, 'command: ' // trim(line))
    call get_environment_variable('GIVEN', line, length, status)
    call check(line == 'by the test' .and. length == 11 .and. status == 0, 'environment')
    call get_environment_variable('NOT_GIVEN', line, length, status)
    call check(status == 1 .and. length == 0, 'no such variable')
  end subroutine arguments_and_environment

  subroutine clocks()
    integer :: values(8), count, count_2
    integer(int64) :: fine, fine_2, rate, most
    character(len=8) :: date
    character(len=10) :: time
    character(len=5) :: zone
    real(real64) :: start, now
    call date_and_time(date, time, zone, values)
    call check(values(1) >= 2025 .and. values(2) >= 1 .and. values(2) <= 12 .and. values(3) <= 31, 'date')
    call check(zone == '+0000' .and. values(4) == 0, 'zone: ' // zone)
    call check(verify(date, '0123456789') == 0 .and. time(7:7) == '.', 'digits')
    call system_clock(count)
    call system_clock(fine, rate, most)
    call cpu_time(start)
    now = start
    do while (now - start < 0.01)
      call cpu_time(now)
    end do
    call system_clock(fine_2)
    call system_clock(count_2)
    call check(rate == 1000000000_int64 .and. fine_2 - fine > rate / 1000, 'system_clock')
    call check(most == huge(most) .and. count_2 /= count, 'system_clock in milliseconds')
    call sleep(0)
    call check(time8() > 1700000000_8, 'time8')
  end subroutine clocks

  subroutine random()
    real :: values(1000), again(1000)
    integer, allocatable :: seed(:)
    integer :: n
    call random_init(repeatable=.true., image_distinct=.false.)
    call random_number(values)
    call random_init(repeatable=.true., image_distinct=.false.)
    call random_number(again)
    call check(all(values == again) .and. abs(sum(values) / 1000 - 0.5) < 0.1, 'random_init')
    call random_seed(size=n)
    allocate (seed(n))
    seed = 42
    call random_seed(put=seed)
    call random_number(values)
    call random_seed()
    call random_number(again)
    call check(any(values /= again), 'a seed of the system')
    call check(all(values >= 0 .and. values < 1), 'range')
  end subroutine random

  subroutine commands_and_files()
    integer :: status, unit, values(13)
    character(len=100) :: text
    call execute_command_line('true', wait=.true., cmdstat=status, cmdmsg=text)
    call check(status > 0 .and. text /= '', 'no commands: ' // trim(text))
    call execute_command_line('true', wait=.false., cmdstat=status)
    call check(status /= 0, 'nor in the background')
    call getcwd(text, status)
    call check(status == 0 .and. text(1:1) == '/', 'getcwd: ' // trim(text))
    open (newunit=unit, file='/tmp/a file')
    write (unit, '(a)') '12345'
    close (unit)
    call stat('/tmp/a file', values, status)
    call check(status == 0 .and. values(8) == 6, 'stat')
    call rename('/tmp/a file', '/tmp/another', status)
    call check(status == 0 .and. access('/tmp/another', 'r') == 0 .and. access('/tmp/a file', ' ') /= 0, 'rename')
    call unlink('/tmp/another', status)
    call check(status == 0, 'unlink')
    call chdir('/tmp', status)
    call check(status == 0, 'chdir')
    call gerror(text)
    call check(getpid() > 0 .and. .not. isatty(0), 'getpid, isatty')
    call hostnm(text, status)
    call check(status == 0 .and. text /= '', 'hostnm')
  end subroutine commands_and_files
end program fortran_system
