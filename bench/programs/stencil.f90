! Stencils in plain Fortran: heat in two dimensions, a wave in three, and a sweep that uses its own results.
! SPDX-License-Identifier: BSD-3-Clause
program stencil
  use, intrinsic :: iso_fortran_env, only: real64, int64
  implicit none
  integer, parameter :: rounds = 5, steps = 10, wide = 1024, deep = 96
  real(real64), allocatable :: heat(:, :), next(:, :), wave(:, :, :), before(:, :, :), after(:, :, :)
  real(real64) :: best(3) = huge(1.0_real64), sum_of_all
  integer(int64) :: start
  integer :: round

  allocate (heat(wide, wide), next(wide, wide), wave(deep, deep, deep), before(deep, deep, deep), after(deep, deep, deep))
  sum_of_all = 0
  do round = 1, rounds
    heat = 0
    heat(1, :) = 1
    next = heat
    start = now()
    call heat_up(heat, next)
    call took(1)
    before = 0
    wave = 0
    wave(deep / 2, deep / 2, deep / 2) = 1
    after = 0
    start = now()
    call swing(before, wave, after)
    call took(2)
    start = now()
    call relax(heat)
    call took(3)
    sum_of_all = sum_of_all + sum(heat) + sum(wave)
  end do
  if (.not. sum_of_all > 0) error stop 'nothing spread'
  call tell('heat', real(wide, real64)**2, 1)
  call tell('wave', real(deep, real64)**3, 2)
  call tell('relax', real(wide, real64)**2, 3)
contains
  integer(int64) function now()
    call system_clock(now)
  end function now

  subroutine took(which)
    integer, intent(in) :: which
    best(which) = min(best(which), real(now() - start, real64))
  end subroutine took

  ! Millions of cells a second; the clock counts nanoseconds.
  subroutine tell(name, cells, which)
    character(len=*), intent(in) :: name
    real(real64), intent(in) :: cells
    integer, intent(in) :: which
    print '(2a, f0.3)', name, ': ', cells * steps / best(which) * 1000
  end subroutine tell

  subroutine heat_up(u, v)
    real(real64), intent(inout), contiguous :: u(:, :), v(:, :)
    integer :: i, j, step
    do step = 1, steps
      do j = 2, size(u, 2) - 1
        do i = 2, size(u, 1) - 1
          v(i, j) = u(i, j) + 0.2_real64 * (u(i - 1, j) + u(i + 1, j) + u(i, j - 1) + u(i, j + 1) - 4 * u(i, j))
        end do
      end do
      u = v
    end do
  end subroutine heat_up

  subroutine swing(old, u, new)
    real(real64), intent(inout), contiguous :: old(:, :, :), u(:, :, :), new(:, :, :)
    integer :: i, j, k, step, n
    n = size(u, 1)
    do step = 1, steps
      do k = 2, n - 1
        do j = 2, n - 1
          do i = 2, n - 1
            new(i, j, k) = 2 * u(i, j, k) - old(i, j, k) + 0.1_real64 * (u(i - 1, j, k) + u(i + 1, j, k) &
              + u(i, j - 1, k) + u(i, j + 1, k) + u(i, j, k - 1) + u(i, j, k + 1) - 6 * u(i, j, k))
          end do
        end do
      end do
      old = u
      u = new
    end do
  end subroutine swing

  subroutine relax(u)
    real(real64), intent(inout), contiguous :: u(:, :)
    integer :: i, j, step
    do step = 1, steps
      do j = 2, size(u, 2) - 1
        do i = 2, size(u, 1) - 1
          u(i, j) = 0.25_real64 * (u(i - 1, j) + u(i + 1, j) + u(i, j - 1) + u(i, j + 1))
        end do
      end do
    end do
  end subroutine relax
end program stencil
