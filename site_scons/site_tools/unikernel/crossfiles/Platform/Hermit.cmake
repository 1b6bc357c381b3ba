# What CMake should know of hermit: a POSIX system of static programs.
# SPDX-License-Identifier: BSD-3-Clause
set(UNIX 1)
set(HERMIT 1)
set_property(GLOBAL PROPERTY TARGET_SUPPORTS_SHARED_LIBS FALSE)
set(CMAKE_DL_LIBS "")
set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
include(Platform/UnixPaths)
