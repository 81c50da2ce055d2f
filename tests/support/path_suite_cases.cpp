#include "tests/support/path_suite_cases.hpp"

#include <algorithm>

namespace certrelay {

SuiteCertificate SuiteCases::root() {
  SuiteCertificate out{.subject = kRoot, .issuer = kRoot, .is_authority = true};
  out.key_usage = 0x06;
  out.policies.clear();
  return out;
}

SuiteCertificate SuiteCases::ca(const std::string& name, const std::string& issuer) {
  SuiteCertificate out{.subject = name, .issuer = issuer, .is_authority = true};
  out.key_usage = 0x06;
  return out;
}

SuiteCertificate SuiteCases::leaf(const std::string& issuer) {
  SuiteCertificate out{.subject = "EE of " + issuer, .issuer = issuer};
  out.key_usage = 0xC0;
  return out;
}

PathCase& SuiteCases::with_root(const SuiteCertificate& root, const SuitePath& path,
                                const std::string& name) {
  PathCase one{.name = name};
  one.anchors = {pki.certificate(root)};
  std::vector<std::pair<std::string, std::string>> authorities{{root.subject, root.key}};
  for (std::size_t i = 0; i + 1 < path.certificates.size(); ++i) {
    const auto& certificate = path.certificates[i];
    one.intermediates.push_back(pki.certificate(certificate));
    authorities.emplace_back(certificate.subject, certificate.key);
  }
  for (const auto& certificate : path.besides) {
    one.intermediates.push_back(pki.certificate(certificate));
  }
  for (const auto& list : path.lists) one.lists.push_back(pki.list(list));
  for (const auto& authority : authorities) {
    const auto& name_of = authority.first;
    const auto& key = authority.second;
    const bool given = std::any_of(path.lists.begin(), path.lists.end(), [&](const auto& list) {
      return list.issuer == name_of && list.key == key;
    });
    const bool none = std::find(path.without_list.begin(), path.without_list.end(), name_of) !=
                      path.without_list.end();
    if (!given && !none) one.lists.push_back(pki.list({.issuer = name_of, .key = key}));
  }
  one.leaf = pki.certificate(path.certificates.back());
  all.push_back(std::move(one));
  return all.back();
}

PathCase& SuiteCases::valid(const std::string& name, const SuitePath& path) {
  auto& one = with_root(root(), path, name);
  one.valid = true;
  return one;
}

PathCase& SuiteCases::invalid(const std::string& name, const SuitePath& path,
                              const std::string& reason) {
  auto& one = with_root(root(), path, name);
  one.reason = reason;
  return one;
}

PathCase& SuiteCases::refused(const std::string& name, const SuitePath& path,
                              const std::string& reason) {
  auto& one = valid(name, path);
  one.refused_by_us = true;
  one.reason = reason;
  return one;
}

std::vector<PathCase> path_suite_cases() {
  SuiteCases out;
  add_basic_cases(out);
  add_revocation_cases(out);
  add_scope_cases(out);
  add_policy_cases(out);
  add_other_cases(out);
  return std::move(out.all);
}

}  // namespace certrelay
