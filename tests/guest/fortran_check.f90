! What the Fortran tests share: counts checks that fail, and names each.
! SPDX-License-Identifier: BSD-3-Clause
module fortran_check
  implicit none
  private
  integer, save :: failures = 0
  public :: check, finish
contains
  subroutine check(holds, what)
    logical, intent(in) :: holds
    character(len=*), intent(in) :: what
    if (holds) return
    failures = failures + 1
    print '(2a)', 'FAILED: ', what
  end subroutine check

  subroutine finish()
    print '(i0, a)', failures, ' failures'
    if (failures > 0) error stop
  end subroutine finish
end module fortran_check
