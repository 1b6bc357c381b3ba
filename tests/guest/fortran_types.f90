! Types and arrays whose life the runtime library manages: allocatable, polymorphic, finalized; kinds; coarrays of one image.
! SPDX-License-Identifier: BSD-3-Clause
module shapes
  implicit none
  integer :: gone = 0
  type, abstract :: shape
    character(len=:), allocatable :: name
  contains
    procedure(area_of), deferred :: area
    procedure :: write_it
    generic :: write (formatted) => write_it
  end type shape
  abstract interface
    real function area_of(self)
      import shape
      class(shape), intent(in) :: self
    end function area_of
  end interface
  type, extends(shape) :: square
    real :: side = 1
  contains
    procedure :: area => square_area
    final :: leave
  end type square
contains
  real function square_area(self)
    class(square), intent(in) :: self
    square_area = self%side**2
  end function square_area

  subroutine write_it(self, unit, kind, list, status, message)
    class(shape), intent(in) :: self
    integer, intent(in) :: unit, list(:)
    character(len=*), intent(in) :: kind
    integer, intent(out) :: status
    character(len=*), intent(inout) :: message
    write (unit, '(a, ":", f4.1)', iostat=status, iomsg=message) self%name, self%area()
  end subroutine write_it

  subroutine leave(self)
    type(square), intent(inout) :: self
    gone = gone + 1
  end subroutine leave
end module shapes

program fortran_types
  use fortran_check
  use shapes
  use, intrinsic :: iso_fortran_env
  implicit none

  call polymorphs()
  call arrays()
  call strings()
  call kinds()
  call coarrays()
  call finish()
contains
  subroutine polymorphs()
    class(shape), allocatable :: one, other
    class(*), allocatable :: any
    character(len=40) :: line
    allocate (one, source=square(name='big', side=3.0))
    call move_alloc(one, other)
    call check(.not. allocated(one) .and. other%area() == 9, 'move_alloc')
    write (line, '(dt)') other
    call check(line == 'big: 9.0', 'dt: ' // trim(line))
    gone = 0
    deallocate (other)
    call check(gone == 1, 'final')
    any = 'text'
    select type (any)
    type is (character(len=*))
      call check(any == 'text', 'class(*)')
    class default
      call check(.false., 'select type')
    end select
  end subroutine polymorphs

  subroutine arrays()
    real :: a(40, 30), b(30, 50), c(40, 50), sums(40)
    integer, allocatable :: grown(:)
    integer :: n, i, k
    call random_number(a)
    call random_number(b)
    c = matmul(a, b)
    n = 0
    do k = 1, 50
      do i = 1, 40
        if (abs(c(i, k) - dot_product(a(i, :), b(:, k))) > 1e-4) n = n + 1
      end do
    end do
    call check(n == 0, 'matmul')
    sums = sum(a, dim=2)
    call check(abs(sum(sums) - sum(a)) < 1e-2 .and. all(maxloc(a) == maxloc(transpose(transpose(a)))), 'reductions')
    grown = [1, 2, 3]
    grown = [grown, grown + 10]
    call check(size(grown) == 6 .and. all(pack(grown, grown > 5) == [11, 12, 13]), 'allocation on assignment')
    call check(all(reshape(grown, [2, 3], order=[2, 1]) == reshape([1, 11, 2, 12, 3, 13], [2, 3])), 'reshape')
    call check(all(cshift(grown, 2) == [3, 11, 12, 13, 1, 2]) .and. findloc(grown, 12, dim=1) == 5, 'cshift, findloc')
    call check(all(spread([1, 2], 1, 2) == reshape([1, 1, 2, 2], [2, 2])) .and. norm2([3.0, 4.0]) == 5, 'spread')
    call check(iany([1, 2, 4]) == 7 .and. parity([.true., .true.]) .eqv. .false., 'bits')
    call check(minval(eoshift(grown, 1, boundary=-1)) == -1 .and. count(mod(grown, 2) == 0) == 2, 'eoshift, count')
  end subroutine arrays

  subroutine strings()
    character(len=:), allocatable :: text
    character(kind=selected_char_kind('ISO_10646'), len=3) :: wide
    text = repeat('ab', 3) // trim('c   ')
    call check(text == 'abababc' .and. len(text) == 7 .and. index(text, 'b', back=.true.) == 6, 'repeat')
    call check(scan(text, 'c') == 7 .and. verify(text, 'ab') == 7 .and. adjustl('  x') == 'x', 'scan')
    wide = char(int(z'20AC'), kind(wide)) // repeat(char(65, kind(wide)), 2)
    call check(ichar(wide(1:1)) == 8364, 'wide')
    call check(lge('b', 'a') .and. max('a', 'c', 'b') == 'c', 'compared')
  end subroutine strings

  subroutine kinds()
    real(10) :: extended
    real(16) :: quadruple
    complex(16) :: z
    integer(16) :: long
    character(len=60) :: text
    extended = sqrt(2.0_10)
    call check(abs(extended**2 - 2) < 1e-18_10 .and. abs(sin(acos(0.0_10)) - 1) < 1e-18_10, 'real(10)')
    quadruple = exp(1.0_16)
    write (text, '(f36.33)') quadruple
    call check(adjustl(text) == '2.718281828459045235360287471352662', 'real(16): ' // trim(text))
    read (text, *) quadruple
    call check(abs(log(quadruple) - 1) < 1e-30_16 .and. bessel_j0(0.0_16) == 1, 'real(16) both ways')
    z = sqrt((-4.0_16, 0.0_16))
    call check(abs(z - (0, 2)) < 1e-30_16, 'complex(16)')
    long = 2_16**100
    write (text, '(i0)') long
    call check(text == '1267650600228229401496703205376', 'integer(16): ' // trim(text))
    call check(gamma(5.0) == 24 .and. abs(erf(1d0) - 0.8427007929497149d0) < 1d-15, 'gamma, erf')
    call check(abs(erfc_scaled(5d0) - 0.110704637733068626370212086492d0) < 1d-15, 'erfc_scaled')
    call check(selected_real_kind(30) == 16 .and. selected_int_kind(30) == 16, 'selected kinds')
  end subroutine kinds

  subroutine coarrays()
    integer, save :: counter[*] = 0
    integer, allocatable :: parts(:)[:]
    allocate (parts(3)[*])
    parts = this_image()
    counter[1] = counter[1] + 5
    sync all
    call co_sum(parts)
    critical
      counter = counter + 1
    end critical
    call check(counter[1] == 6 .and. all(parts(:)[1] == 1) .and. num_images() == 1, 'coarrays')
  end subroutine coarrays
end program fortran_types
