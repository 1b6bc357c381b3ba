! C both ways: values, pointers, strings, structures, descriptors, variables, and procedures as arguments.
! SPDX-License-Identifier: BSD-3-Clause
module fortran_c_parts
  use, intrinsic :: iso_c_binding
  implicit none
  type, bind(c) :: point
    integer(c_int) :: tag
    real(c_double) :: place(2)
  end type point
  integer(c_int), bind(c, name='shared_count') :: count = 5
  interface
    real(c_double) function sum_of(points, n) bind(c)
      import
      type(point), intent(in) :: points(*)
      integer(c_size_t), value :: n
    end function sum_of
    subroutine apply(each, n) bind(c)
      import
      type(c_funptr), value :: each
      integer(c_int), value :: n
    end subroutine apply
    integer(c_int) function double_all(values) bind(c)
      import
      real(c_double), intent(inout) :: values(:, :)
    end function double_all
    subroutine allocate_it(values, n) bind(c)
      import
      integer(c_int), allocatable, intent(out) :: values(:)
      integer(c_int), value :: n
    end subroutine allocate_it
    type(c_ptr) function greeting() bind(c)
      import
    end function greeting
    integer(c_size_t) function c_length(text) bind(c)
      import
      character(kind=c_char), intent(in) :: text(*)
    end function c_length
  end interface
  integer :: total = 0
contains
  subroutine add(n) bind(c)
    integer(c_int), value :: n
    total = total + n
  end subroutine add

  integer(c_int) function from_c(n) bind(c, name='fortran_square')
    integer(c_int), value :: n
    from_c = n * n
  end function from_c
end module fortran_c_parts

program fortran_c
  use fortran_check
  use fortran_c_parts
  implicit none
  type(point) :: points(3)
  real(c_double) :: table(4, 6)
  integer(c_int), allocatable :: made(:)
  character(kind=c_char), pointer :: letters(:)
  integer :: n

  do n = 1, 3
    points(n) = point(n, [n * 1d0, n * 10d0])
  end do
  call check(sum_of(points, 3_c_size_t) == 66 + 6, 'structures')
  call apply(c_funloc(add), 4)
  call check(total == 10 .and. count == 9, 'a procedure of ours, and a variable')
  table = 1
  call check(double_all(table(1:4:2, 2:5)) == 8, 'elements of a section')
  call check(sum(table) == 24 + 8, 'a section changed')
  call allocate_it(made, 5)
  call check(size(made) == 5 .and. all(made == [0, 1, 4, 9, 16]), 'allocated by C')
  call c_f_pointer(greeting(), letters, [5])
  call check(letters(1) == 'h' .and. letters(5) == 'o', 'a string of C')
  call check(c_length('four' // c_null_char) == 4, 'a string for C')
  call finish()
end program fortran_c
