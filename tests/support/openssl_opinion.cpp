#include "tests/support/openssl_opinion.hpp"

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>

#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

template <auto F>
struct With {
  template <class T>
  void operator()(T* object) const {
    F(object);
  }
};
using Certificate = std::unique_ptr<X509, With<X509_free>>;
using List = std::unique_ptr<X509_CRL, With<X509_CRL_free>>;

Certificate read_certificate(const Bytes& der) {
  const auto* at = der.data();
  Certificate read(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  return read && at == der.data() + der.size() ? std::move(read) : nullptr;
}

struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};

bool fill_store(X509_STORE* store, const OpensslQuestion& question) {
  for (const auto& der : question.anchors) {
    const auto root = read_certificate(der);
    if (!root || X509_STORE_add_cert(store, root.get()) != 1) return false;
  }
  for (const auto& der : question.lists) {
    const auto* at = der.data();
    const List list(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
    if (!list || X509_STORE_add_crl(store, list.get()) != 1) return false;
  }
  return true;
}

void set_parameters(X509_VERIFY_PARAM* param, const OpensslQuestion& question) {
  X509_VERIFY_PARAM_set_time(
      param,
      std::chrono::duration_cast<std::chrono::seconds>(test_now().time_since_epoch()).count());
  unsigned long flags = X509_V_FLAG_POLICY_CHECK;
  if (question.check_revocation)
    flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL | X509_V_FLAG_EXTENDED_CRL_SUPPORT;
  if (question.explicit_policy) flags |= X509_V_FLAG_EXPLICIT_POLICY;
  if (question.inhibit_any_policy) flags |= X509_V_FLAG_INHIBIT_ANY;
  if (question.inhibit_policy_mapping) flags |= X509_V_FLAG_INHIBIT_MAP;
  X509_VERIFY_PARAM_set_flags(param, flags);
  // Asked for a policy and told of none, OpenSSL 3.0 finds none; RFC 5280 means any.
  const auto policies = question.policies.empty() && question.explicit_policy
                            ? std::vector<std::string>{"2.5.29.32.0"}
                            : question.policies;
  for (const auto& policy : policies) {
    X509_VERIFY_PARAM_add0_policy(param, OBJ_txt2obj(policy.c_str(), 1));
  }
}

}  // namespace

std::string openssl_opinion(const OpensslQuestion& question) {
  const auto leaf = read_certificate(question.leaf);
  const std::unique_ptr<X509_STORE, With<X509_STORE_free>> store(X509_STORE_new());
  if (!leaf || !fill_store(store.get(), question)) return "unreadable";
  const std::unique_ptr<STACK_OF(X509), FreeStack> untrusted(sk_X509_new_null());
  for (const auto& der : question.intermediates) {
    auto one = read_certificate(der);
    if (one) sk_X509_push(untrusted.get(), one.release());
  }
  const std::unique_ptr<X509_STORE_CTX, With<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), untrusted.get());
  set_parameters(X509_STORE_CTX_get0_param(context.get()), question);
  if (X509_verify_cert(context.get()) == 1) return "ok";
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

}  // namespace certrelay
