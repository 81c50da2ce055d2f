#include "firmware/ctl/support/support_bundle.hpp"

#include "firmware/ctl/support/tar_writer.hpp"

namespace certrelay {

Bytes support_bundle(const BundleParts& parts, UtcTime now) {
  // The texts name paths; which check failed since when is enough.
  std::vector<DoctorLine> verdicts;
  for (const auto& one : parts.lines) {
    verdicts.push_back({one.check, one.state, {}, one.since, {}});
  }
  TarWriter tar(now);
  const std::string folder = "certrelay-support/";
  tar.add(folder + "README.txt",
          "certrelay の調査用資料です。住民の情報、鍵、パスフレーズは入っていません。\n"
          "作成: " +
              to_rfc3339_jst(now) + "\n");
  tar.add(folder + "versions.txt", parts.versions);
  tar.add(folder + "configuration.txt", parts.configuration);
  tar.add(folder + "doctor.json", doctor_json(verdicts));
  tar.add(folder + "readyz.json", parts.readyz);
  tar.add(folder + "metrics.txt", parts.metrics);
  return std::move(tar).finish();
}

}  // namespace certrelay
