// Clients in the order in which they came: a list through their places, so that joining and leaving cost the same
// whatever there is and nothing is allocated. A place is in one list at a time. Guarded by the lock of the route.
#pragma once

#include <cstdint>

#include "core/place.h"

namespace sluice {

class WaitList {
 public:
  Place* first() const { return first_; }
  uint32_t size() const { return size_; }

  void Join(Place& place) {
    place.previous = last_;
    place.next = nullptr;
    (last_ == nullptr ? first_ : last_->next) = &place;
    last_ = &place;
    size_ += 1;
  }

  void Leave(Place& place) {
    (place.previous == nullptr ? first_ : place.previous->next) = place.next;
    (place.next == nullptr ? last_ : place.next->previous) = place.previous;
    place.previous = nullptr;
    place.next = nullptr;
    size_ -= 1;
  }

 private:
  Place* first_ = nullptr;
  Place* last_ = nullptr;
  uint32_t size_ = 0;
};

}  // namespace sluice
