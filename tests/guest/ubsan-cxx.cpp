/* -fsanitize=vptr, part of -fsanitize=undefined: objects that are not of the type that they are used as. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <cstdio>

namespace {
struct Shape {
  virtual ~Shape() = default;
  virtual int area() const { return 1; }
  int sides = 1;
};
struct Square : Shape {
  int area() const override { return 4; }
};
struct Other {
  virtual ~Other() = default;
  virtual int weight() const { return 3; }
  int kilos = 2;
};
struct Both : Square, Other {};
struct Shared : virtual Shape {};
struct Diamond : Shared, virtual Shape, Other {};

int area(const Shape *shape) { return shape->area() + shape->sides; }
int weight(const Other *other) { return other->weight() + other->kilos; }
}  // namespace

int main() {
  Square square;
  Both both;
  Diamond diamond;
  int right = area(&square) + area(&both) + weight(&both) + area(&diamond) + weight(&diamond);
  std::printf("right: %d\n", right);
  std::fflush(stdout);
  int wrong = weight(reinterpret_cast<Other *>(static_cast<Shape *>(&square)));
  std::fprintf(stderr, "went on: %d\n", wrong > 0);
  return 0;
}
