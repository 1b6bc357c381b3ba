! The IEEE modules: flags, halting, rounding, classes, and what threads have of them.
! SPDX-License-Identifier: BSD-3-Clause
program fortran_ieee
  use fortran_check
  use, intrinsic :: ieee_arithmetic
  use, intrinsic :: ieee_exceptions
  use, intrinsic :: ieee_features
  implicit none
  real, volatile :: zero = 0, one = 1, result
  real(8), volatile :: third
  logical :: raised, halts
  type(ieee_round_type) :: mode
  type(ieee_status_type) :: status
  real(8), volatile :: down, up

  call check(ieee_support_standard(1.0) .and. ieee_support_halting(ieee_divide_by_zero), 'support')
  result = one / zero
  call ieee_get_flag(ieee_divide_by_zero, raised)
  call check(raised .and. ieee_class(result) == ieee_positive_inf .and. .not. ieee_is_finite(result), 'divide by zero')
  call ieee_set_flag(ieee_all, .false.)
  call ieee_get_flag(ieee_divide_by_zero, raised)
  call check(.not. raised, 'cleared')
  result = zero / zero
  call ieee_get_flag(ieee_invalid, raised)
  call check(raised .and. ieee_is_nan(result) .and. ieee_unordered(result, one), 'invalid')
  call ieee_get_status(status)
  call ieee_set_flag(ieee_invalid, .false.)
  call ieee_set_status(status)
  call ieee_get_flag(ieee_invalid, raised)
  call check(raised, 'status')
  call ieee_set_flag(ieee_all, .false.)

  third = 3
  call ieee_set_rounding_mode(ieee_down)
  down = 1 / third
  call ieee_set_rounding_mode(ieee_up)
  up = 1 / third
  call ieee_get_rounding_mode(mode)
  call check(mode == ieee_up .and. up > down .and. ieee_next_after(down, 1d0) == up, 'rounding')
  call ieee_set_rounding_mode(ieee_nearest)
  call check(ieee_rint(2.5) == 2 .and. ieee_logb(8.0) == 3 .and. ieee_scalb(1.0, 4) == 16, 'functions')
  call check(ieee_is_nan(ieee_value(1d0, ieee_quiet_nan)) .and. ieee_copy_sign(1.0, -0.0) == -1, 'values')
  call check(ieee_rem(5.0, 3.0) == -1 .and. ieee_selected_real_kind(15) == 8, 'rem')

  call ieee_set_halting_mode(ieee_overflow, .true.)
  call ieee_get_halting_mode(ieee_overflow, halts)
  call check(halts, 'halting')
  call ieee_set_halting_mode(ieee_overflow, .false.)
  call finish()
end program fortran_ieee
