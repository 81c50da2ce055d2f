// The accounts' file: sealed, so that a change by hand shows, and replaced as a whole, so that a
// power cut leaves the old one or the new one.
#pragma once

#include <memory>

#include "protocol/ids/ids.hpp"
#include "relay/env/entropy.hpp"
#include "relay/env/files.hpp"
#include "relay/keys/seal.hpp"
#include "relay/keys/totp.hpp"
#include "relay/operators/operator_book.hpp"

namespace certrelay {

struct OperatorStoreSettings {
  std::string path;
  MunicipalityCode municipality;
};

// One thread.
class OperatorStore {
  // Only create() and open() make one.
  struct Entrance {
    explicit Entrance() = default;
  };

 public:
  OperatorStore(Entrance, Files& files, Entropy& entropy, OperatorStoreSettings settings,
                Key256 key)
      : files_(files), entropy_(entropy), settings_(std::move(settings)), key_(std::move(key)) {}

  // Makes the file with these accounts, version 1. `files` and `entropy` outlive it; the key of the
  // file is derived from `outer`. Errors: kAlreadyExists, the file system's.
  static Result<std::unique_ptr<OperatorStore>> create(Files& files, Entropy& entropy,
                                                       OperatorStoreSettings settings,
                                                       const Key256& outer,
                                                       std::vector<Operator> accounts);
  // `version_min`: the highest that the ledger names. Errors: kNotFound, kSealBroken (another key,
  // municipality, or changed by hand), decode_book()'s, kOperatorsRolledBack (older than
  // `version_min`: a copy was put back), the file system's.
  static Result<std::unique_ptr<OperatorStore>> open(Files& files, Entropy& entropy,
                                                     OperatorStoreSettings settings,
                                                     const Key256& outer,
                                                     std::uint64_t version_min);

  const OperatorBook& book() const { return book_; }
  // Durable when it returns ok, and in force only then; numbers it anew.
  // Errors: the file system's; the old book stays in force.
  Result<void> write(OperatorBook next);

  // An authenticator's secret as Credentials::code_secret keeps it: bound to that person.
  Bytes seal_code_secret(const OperatorName& name, const TotpSecret& secret) const;
  // Errors: kSealBroken.
  Result<TotpSecret> open_code_secret(const Operator& account) const;

 private:
  Bytes context() const;
  Bytes code_context(const OperatorName& name) const;

  Files& files_;
  Entropy& entropy_;
  const OperatorStoreSettings settings_;
  const Key256 key_;
  OperatorBook book_;
};

}  // namespace certrelay
