// What the applicant chooses on the kiosk's screen, and what becomes of it in one inquiry.
#pragma once

#include <string>
#include <vector>

#include "firmware/kiosk/center.hpp"

namespace certrelay {

struct Wish {
  std::string members = "all";      // all (who can be chosen), self, or numbers: 1,3
  std::string entries = "default";  // default, all, none, or the codes to print
  std::string purpose{};            // empty: the first
  bool individual_number = false;
  int copies = 1;
};

// Errors: kMalformed; where() says which choice cannot be met, for people.
Result<IssuanceRequest> choose(const Wish& wish, const InquiryReply& inquiry);

}  // namespace certrelay
