// One PKCS#11 library (v2.40), loaded and initialised while it lives.
#pragma once

#include <p11-kit/pkcs11.h>

#include <string>
#include <vector>

#include "protocol/base/result.hpp"

namespace certrelay {

// A slot that holds a token or card.
struct TokenSlot {
  CK_SLOT_ID id = 0;
  std::string label;   // of the token, without its padding
  CK_FLAGS flags = 0;  // CKF_..., of CK_TOKEN_INFO
};

class TokenModule {
 public:
  // `path` as dlopen() takes it. Errors: kTokenUnusable (no such library, or not of PKCS#11).
  static Result<TokenModule> load(const std::string& path);
  TokenModule(TokenModule&& other) noexcept;
  TokenModule& operator=(TokenModule&&) = delete;
  TokenModule(const TokenModule&) = delete;
  TokenModule& operator=(const TokenModule&) = delete;
  ~TokenModule();

  const CK_FUNCTION_LIST& calls() const { return *calls_; }
  // At most 64. Errors: kTokenUnusable.
  Result<std::vector<TokenSlot>> slots() const;

 private:
  explicit TokenModule(void* library) : library_(library) {}

  void* library_;
  CK_FUNCTION_LIST* calls_ = nullptr;
  bool initialized_ = false;  // by us, not by somebody before us
};

}  // namespace certrelay
