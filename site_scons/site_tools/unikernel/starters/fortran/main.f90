! Says hello, and to whom: scons run-app.
program main
  implicit none
  character(len=:), allocatable :: text
  character(len=80) :: name
  integer :: i

  text = 'Hello from a unikernel'
  do i = 1, command_argument_count()
    call get_command_argument(i, name)
    if (i == 1) then
      text = text // ' to ' // trim(name)
    else
      text = text // ', ' // trim(name)
    end if
  end do
  print '(a)', text // '!'
end program main
