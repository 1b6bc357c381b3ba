! Input and output: formatted, by lists and namelists, in files of every kind of access, and in variables.
! SPDX-License-Identifier: BSD-3-Clause
program fortran_io
  use fortran_check
  use, intrinsic :: iso_fortran_env
  implicit none

  call formats()
  call numbers_both_ways()
  call lists_and_namelists()
  call sequential_file()
  call direct_file()
  call stream_file()
  call asynchronous_file()
  call scratch_and_inquire()
  call errors_are_told()
  call standard_input()
  call finish()
contains
  subroutine formats()
    character(len=80) :: line
    real(real64), volatile :: most = huge(1d0)
    write (line, '(i5, i5.3, b8, o4, z4)') -42, 7, 5, 64, 255
    call check(line == '  -42  007     101 100  FF', 'integers: ' // trim(line))
    write (line, '(f8.3, e12.4, es11.3, en12.3, g10.3, d10.2)') 3.14159d0, -1.5d-7, 12345.678d0, 12345.678d0, 0.5d0, 1d100
    call check(line == '   3.142 -0.1500E-06  1.235E+04  12.346E+03 0.500      0.10+101', 'reals: ' // trim(line))
    write (line, '(2l3, a6, 1x, a, t40, a)') .true., .false., 'right', 'left', 'at 40'
    call check(line(1:17) == '  T  F right left' .and. line(40:44) == 'at 40', 'words: ' // trim(line))
    write (line, '(*(i0, :, ", "))') 1, 2, 3
    call check(line == '1, 2, 3', 'repeated: ' // trim(line))
    write (line, '(sp, i3, ss, i3, 2p, f6.1, bz)') 4, 4, 1.25
    call check(line == ' +4  4 125.0', 'signs and scale: ' // trim(line))
    write (line, '(f0.2, 1x, f4.1, 1x, f5.1)') 0.25, 1e6, most * 10
    call check(line == '.25 ****   Inf', 'what does not fit: ' // trim(line))
  end subroutine formats

  subroutine numbers_both_ways()
    real(real32) :: single, single_back
    real(real64) :: double, double_back
    real(10) :: extended, extended_back
    character(len=60) :: text
    integer :: n
    call random_number(double)
    do n = -300, 300, 7
      double_back = double * 10d0**n
      write (text, '(es30.16e4)') double_back
      read (text, *) double
      call check(double == double_back, 'real64 ' // trim(text))
    end do
    do n = -37, 37
      single_back = 1.2345678 * 10.0**n
      write (text, '(es20.8)') single_back
      read (text, '(es20.8)') single
      call check(single == single_back, 'real32 ' // trim(text))
    end do
    do n = -4000, 4000, 333
      extended_back = 1.2345678901234567_10 * 10.0_10**n
      write (text, '(es40.20e4)') extended_back
      read (text, *) extended
      call check(extended == extended_back, 'real(10) ' // trim(text))
    end do
  end subroutine numbers_both_ways

  subroutine lists_and_namelists()
    integer :: n = 3, several(4) = 0
    real :: x = 1.5
    character(len=8) :: name = 'before'
    complex :: z
    logical :: on
    character(len=200) :: text
    namelist /settings/ n, x, name, several
    text = " 7  2*9 , ,'two words' (1.0,-2.5) T /  99"
    several = 5
    read (text, *) n, several(1:2), several(3), name, z, on
    call check(n == 7 .and. all(several == [9, 9, 5, 5]) .and. name == 'two word', 'list')
    call check(z == (1.0, -2.5) .and. on, 'list of others')
    text = "&SETTINGS name='given', several(2:3)=11,12 x = 2.5e1 /"
    read (text, nml=settings)
    call check(name == 'given' .and. x == 25 .and. all(several == [9, 11, 12, 5]) .and. n == 7, 'namelist')
    open (newunit=n, status='scratch')
    name = "it's"
    write (n, nml=settings, delim='quote')
    rewind (n)
    name = ''
    several = 0
    read (n, nml=settings)
    call check(name == "it's" .and. several(3) == 12, 'namelist both ways')
    close (n)
  end subroutine lists_and_namelists

  subroutine sequential_file()
    integer :: unit, n, status, values(3)
    character(len=20) :: line
    open (newunit=unit, file='/tmp/lines', action='readwrite', status='replace')
    write (unit, '(a)') 'first', 'second', 'third'
    backspace (unit)
    read (unit, '(a)') line
    call check(line == 'third', 'backspace')
    rewind (unit)
    n = 0
    do
      read (unit, '(a)', iostat=status) line
      if (status /= 0) exit
      n = n + 1
    end do
    call check(n == 3 .and. is_iostat_end(status), 'three lines and the end')
    close (unit)
    open (newunit=unit, file='/tmp/lines', position='append', status='old')
    write (unit, '(a)', advance='no') 'four'
    write (unit, '(a)') 'th'
    close (unit)
    open (newunit=unit, file='/tmp/lines', status='old', action='read')
    do n = 1, 4
      read (unit, '(a)') line
    end do
    call check(line == 'fourth', 'append')
    read (unit, '(a)', iostat=status) line
    close (unit, status='delete')
    open (newunit=unit, file='/tmp/lines', status='old', iostat=status)
    call check(status /= 0, 'deleted')
    open (newunit=unit, file='/tmp/binary', form='unformatted', status='replace')
    write (unit) [1, 2, 3], 'text'
    write (unit) 4d0
    rewind (unit)
    read (unit) values
    read (unit, iostat=status) line
    call check(all(values == [1, 2, 3]) .and. status /= 0, 'unformatted records')
    close (unit, status='delete')
  end subroutine sequential_file

  subroutine direct_file()
    integer :: unit, n, value, status
    open (newunit=unit, file='/tmp/direct', access='direct', recl=8, form='unformatted', status='replace')
    do n = 5, 1, -1
      write (unit, rec=n) n * 100, n
    end do
    read (unit, rec=3) value, n
    call check(value == 300 .and. n == 3, 'direct')
    read (unit, rec=9, iostat=status) value
    call check(status /= 0, 'no such record')
    inquire (unit, size=n, nextrec=value)
    call check(n == 40, 'size')
    close (unit, status='delete')
    open (newunit=unit, file='/tmp/direct', access='direct', recl=10, form='formatted')
    write (unit, '(i10)', rec=2) 22
    write (unit, '(i10)', rec=1) 11
    read (unit, '(i10)', rec=2) value
    call check(value == 22, 'formatted direct')
    close (unit, status='delete')
  end subroutine direct_file

  subroutine stream_file()
    integer :: unit, at
    integer(int8) :: byte
    character(len=3) :: word
    open (newunit=unit, file='/tmp/stream', access='stream', form='unformatted', status='replace')
    write (unit) 'abcdef', 3.0d0
    write (unit, pos=3) 'X'
    read (unit, pos=2) word
    inquire (unit, pos=at)
    read (unit, pos=1) byte
    call check(word == 'bXd' .and. at == 5 .and. byte == iachar('a'), 'stream')
    close (unit, status='delete')
    open (newunit=unit, file='/tmp/stream', access='stream', form='formatted', status='replace')
    write (unit, '(a)') 'one' // new_line('a') // 'two'
    rewind (unit)
    read (unit, '(/, a)') word
    call check(word == 'two', 'formatted stream')
    close (unit, status='delete')
  end subroutine stream_file

  subroutine asynchronous_file()
    integer :: unit, id
    real, asynchronous :: values(1000), back(1000)
    call random_number(values)
    open (newunit=unit, file='/tmp/async', form='unformatted', asynchronous='yes', status='replace')
    write (unit, asynchronous='yes', id=id) values
    wait (unit, id=id)
    rewind (unit)
    read (unit, asynchronous='yes') back
    wait (unit)
    call check(all(back == values), 'asynchronous')
    close (unit, status='delete')
  end subroutine asynchronous_file

  subroutine scratch_and_inquire()
    integer :: unit, other
    logical :: exists, opened
    character(len=40) :: name, access, form, action
    open (newunit=unit, status='scratch', form='unformatted')
    write (unit) 1
    close (unit)
    inquire (file='/nowhere/at/all', exist=exists)
    call check(.not. exists, 'what is not there')
    open (newunit=unit, file='/tmp/asked', status='new', action='write')
    inquire (file='/tmp/asked', exist=exists, opened=opened, number=other, name=name)
    inquire (unit, access=access, form=form, action=action)
    call check(exists .and. opened .and. other == unit .and. name == '/tmp/asked', 'inquire by file')
    call check(access == 'SEQUENTIAL' .and. form == 'FORMATTED' .and. action == 'WRITE', 'inquire by unit')
    close (unit, status='delete')
    call check(unit < 0, 'newunit is negative')
    inquire (output_unit, opened=opened)
    call check(opened, 'unit 6 is open')
    inquire (iolength=other) [1d0, 2d0], 'abc'
    call check(other == 19, 'iolength')
  end subroutine scratch_and_inquire

  subroutine errors_are_told()
    integer :: unit, status
    character(len=80) :: message
    open (newunit=unit, file='/nowhere/at/all', status='old', iostat=status, iomsg=message)
    call check(status == 2 .and. index(message, '/nowhere/at/all') > 0, 'open: ' // trim(message))
    read (message, '(i5)', iostat=status, iomsg=message) unit
    call check(status > 0 .and. index(message, 'Bad value') > 0, 'read: ' // trim(message))
    write (77, '(a)', iostat=status) 'x'
    call check(status == 0, 'fort.77')
    close (77, status='delete')
  end subroutine errors_are_told

  subroutine standard_input()
    integer :: n, status
    character(len=30) :: line
    read *, n
    read '(a)', line
    call check(n == 12 .and. line == 'a whole line', 'standard input')
    read (input_unit, *, iostat=status) n
    call check(is_iostat_end(status), 'the end of standard input')
  end subroutine standard_input
end program fortran_io
