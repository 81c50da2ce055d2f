#include "relay/keys/token_module.hpp"

#include <dlfcn.h>

#include <array>
#include <utility>

namespace certrelay {
namespace {

constexpr std::size_t kSlotsMax = 64;

const Error kNoModule{ErrorCode::kTokenUnusable, "token: no PKCS#11 module of that path"};
const Error kNoSlots{ErrorCode::kTokenUnusable, "token: the module has no slots"};

// Labels are padded with spaces to 32 characters.
std::string label_of(const CK_TOKEN_INFO& info) {
  const std::string_view padded(reinterpret_cast<const char*>(info.label), sizeof(info.label));
  return std::string(padded.substr(0, padded.find_last_not_of(' ') + 1));
}

}  // namespace

Result<TokenModule> TokenModule::load(const std::string& path) {
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return kNoModule;
  TokenModule out(library);
  auto* const entry = ::dlsym(library, "C_GetFunctionList");
  if (entry == nullptr) return kNoModule;
  if (reinterpret_cast<CK_C_GetFunctionList>(entry)(&out.calls_) != CKR_OK) return kNoModule;
  // Two sessions of one module, the register's and the documents', are used by two threads.
  CK_C_INITIALIZE_ARGS threads{};
  threads.flags = CKF_OS_LOCKING_OK;
  const auto initialized = out.calls_->C_Initialize(&threads);
  out.initialized_ = initialized == CKR_OK;
  if (initialized != CKR_OK && initialized != CKR_CRYPTOKI_ALREADY_INITIALIZED) return kNoModule;
  return out;
}

TokenModule::TokenModule(TokenModule&& other) noexcept
    : library_(std::exchange(other.library_, nullptr)),
      calls_(other.calls_),
      initialized_(std::exchange(other.initialized_, false)) {}

TokenModule::~TokenModule() {
  // Nothing to report: no call follows.
  if (initialized_) static_cast<void>(calls_->C_Finalize(nullptr));
  if (library_ != nullptr) ::dlclose(library_);
}

Result<std::vector<TokenSlot>> TokenModule::slots() const {
  std::array<CK_SLOT_ID, kSlotsMax> ids{};
  CK_ULONG count = ids.size();
  if (calls_->C_GetSlotList(CK_TRUE, ids.data(), &count) != CKR_OK) return kNoSlots;
  std::vector<TokenSlot> out;
  for (CK_ULONG i = 0; i < count; ++i) {
    CK_TOKEN_INFO info{};
    if (calls_->C_GetTokenInfo(ids.at(i), &info) != CKR_OK) continue;
    out.push_back({ids.at(i), label_of(info), info.flags});
  }
  return out;
}

}  // namespace certrelay
