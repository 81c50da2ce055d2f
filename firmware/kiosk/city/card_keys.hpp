#pragma once

#include <functional>
#include <vector>

#include "firmware/kiosk/pki/key.hpp"

namespace certrelay {

// `count` RSA-2048 keys, no two with the same modulus, on as many threads as there are cores.
//
// A fresh key costs about 0.1 s, so n primes make n(n-1)/2 keys: 25 are enough for 300 cards. Two
// cards that share a prime can be broken by a greatest common divisor. That is fit for a fictional
// city's cards and for nothing else.
// Errors: kInternal.
Result<std::vector<PkiKey>> make_card_keys(std::size_t count);

// Runs `work(i)` for each i below `count` on as many threads as there are cores, at most eight;
// returns when all are done. `work` may be called from several threads at once.
void for_each_in_parallel(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace certrelay
