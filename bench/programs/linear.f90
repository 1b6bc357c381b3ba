! Dense linear algebra in plain Fortran: products of matrices, blocked and by matmul, LU with pivots, triangular solutions.
! SPDX-License-Identifier: BSD-3-Clause
program linear
  use, intrinsic :: iso_fortran_env, only: real64, int64
  implicit none
  integer, parameter :: n = 384, rounds = 25
  real(real64), allocatable :: a(:, :), b(:, :), c(:, :), x(:)
  integer, allocatable :: pivots(:)
  real(real64) :: best(4), check
  integer(int64) :: start
  integer :: round

  allocate (a(n, n), b(n, n), c(n, n), x(n), pivots(n))
  best = huge(best)
  check = 0
  do round = 1, rounds
    call fill(a, 1)
    call fill(b, 2)
    start = now()
    c = 0
    call multiply(a, b, c)
    call took(1)
    check = check + c(n, 1)
    start = now()
    c = matmul(a, b)
    call took(2)
    check = check - c(n, 1)
    x = 1
    start = now()
    call factor(a, pivots)
    call took(3)
    start = now()
    call solve(a, pivots, x)
    call took(4)
    check = check + 0 * x(1)
  end do
  if (.not. abs(check) < 1e-6_real64) error stop 'the products differ'
  call tell('multiply', 2 * real(n, real64)**3, 1)
  call tell('matmul', 2 * real(n, real64)**3, 2)
  call tell('factor', 2 * real(n, real64)**3 / 3, 3)
  call tell('solve', 2 * real(n, real64)**2, 4)
contains
  integer(int64) function now()
    call system_clock(now)
  end function now

  subroutine took(which)
    integer, intent(in) :: which
    best(which) = min(best(which), real(now() - start, real64))
  end subroutine took

  ! The clock counts nanoseconds.
  subroutine tell(name, operations, which)
    character(len=*), intent(in) :: name
    real(real64), intent(in) :: operations
    integer, intent(in) :: which
    print '(2a, f0.3)', name, ': ', operations / best(which) * 1000
  end subroutine tell

  subroutine fill(values, seed)
    real(real64), intent(out) :: values(:, :)
    integer, intent(in) :: seed
    integer :: i, j
    do j = 1, size(values, 2)
      do i = 1, size(values, 1)
        values(i, j) = mod(i * 7 + j * 13 * seed + i * j, 101) / 101.0_real64 - 0.5_real64
      end do
      values(j, j) = values(j, j) + 4
    end do
  end subroutine fill

  ! Blocks that the caches hold; columns innermost.
  subroutine multiply(a, b, c)
    real(real64), intent(in), contiguous :: a(:, :), b(:, :)
    real(real64), intent(inout), contiguous :: c(:, :)
    integer, parameter :: block = 64
    integer :: i, j, k, ib, kb, last
    do kb = 1, size(a, 2), block
      do ib = 1, size(a, 1), block
        last = min(ib + block - 1, size(a, 1))
        do j = 1, size(b, 2)
          do k = kb, min(kb + block - 1, size(a, 2))
            do i = ib, last
              c(i, j) = c(i, j) + a(i, k) * b(k, j)
            end do
          end do
        end do
      end do
    end do
  end subroutine multiply

  subroutine factor(a, pivots)
    real(real64), intent(inout), contiguous :: a(:, :)
    integer, intent(out) :: pivots(:)
    integer :: j, k, p, n
    real(real64) :: row(size(a, 2))
    n = size(a, 1)
    do k = 1, n
      p = k - 1 + maxloc(abs(a(k:n, k)), dim=1)
      pivots(k) = p
      if (p /= k) then
        row = a(k, :)
        a(k, :) = a(p, :)
        a(p, :) = row
      end if
      a(k + 1:n, k) = a(k + 1:n, k) / a(k, k)
      do j = k + 1, n
        a(k + 1:n, j) = a(k + 1:n, j) - a(k + 1:n, k) * a(k, j)
      end do
    end do
  end subroutine factor

  subroutine solve(a, pivots, x)
    real(real64), intent(in), contiguous :: a(:, :)
    integer, intent(in) :: pivots(:)
    real(real64), intent(inout) :: x(:)
    real(real64) :: kept
    integer :: k, n
    n = size(x)
    do k = 1, n
      kept = x(k)
      x(k) = x(pivots(k))
      x(pivots(k)) = kept
      x(k + 1:n) = x(k + 1:n) - x(k) * a(k + 1:n, k)
    end do
    do k = n, 1, -1
      x(k) = x(k) / a(k, k)
      x(1:k - 1) = x(1:k - 1) - x(k) * a(1:k - 1, k)
    end do
  end subroutine solve
end program linear
