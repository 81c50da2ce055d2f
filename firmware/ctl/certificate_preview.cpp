#include "firmware/ctl/certificate_preview.hpp"

#include <filesystem>

#include "firmware/kiosk/program.hpp"
#include "relay/env/posix_files.hpp"
#include "render/model/model_json.hpp"

namespace certrelay {
namespace {

// Fictional, like everybody in this repository. Each subject tag is a letter, 43 times.
constexpr std::string_view kHousehold = R"({
"kind": "juminhyo", "document_id": "20261122-00000042-7F3A", "issue_day": "2026-11-22",
"random_id": "00000000000000000000000000000000", "demo": true, "whole_household": true,
"address": "高知県土佐みなと市青潮町三丁目１２番５号　うみかぜ住宅２０３号",
"head_of_household": "𠮷野　浩一郎",
"persons": [
{"subject_tag": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "resident": "japanese",
 "name": "𠮷野　浩一郎", "name_kana": "ヨシノ　コウイチロウ", "sex": "男", "relation": "世帯主",
 "individual_number": {"mark": "omitted"}, "birth_date": {"date": "1983-07-09"},
 "resident_since": {"date": "2010-04-01"}, "address_since": {"date": "2020-10-05"},
 "notified": {"date": "2010-04-05"}, "registered_domicile": "高知県土佐みなと市青潮町三丁目１２番地",
 "register_head": "𠮷野　浩一郎",
 "previous_address": "高知県しおさい市白浜二丁目３番地４　コーポなぎさ１０１号"},
{"subject_tag": "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB", "resident": "foreign",
 "name": "MARIA FERNANDA DE LA CONCEPCION GONZALEZ RODRIGUEZ", "sex": "女", "relation": "妻",
 "individual_number": {"mark": "omitted"}, "birth_date": {"date": "1985-04-12"},
 "resident_since": {"date": "2014-03-16"}, "address_since": {"date": "2020-10-05"},
 "notified": {"date": "2014-03-20"}, "alias_kana": "ヨシノ　マリア", "alias": "𠮷野　マリア",
 "nationality": "コロンビア", "residence_card_number": "AB00000000CD",
 "residence_category": "中長期在留者", "residence_status": "日本人の配偶者等",
 "residence_period": "５年", "residence_expiry": {"date": "2029-03-15"},
 "previous_address": "高知県しおさい市白浜二丁目３番地４　コーポなぎさ１０１号",
 "remarks": [{"label": "通称の記載", "name": "𠮷野　マリア", "date": {"date": "2020-10-05"},
              "place": "高知県土佐みなと市"}]},
{"subject_tag": "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC", "resident": "japanese",
 "name": "𠮷野　みなと", "name_kana": "ヨシノ　ミナト", "sex": "女", "relation": "子",
 "individual_number": {"mark": "omitted"}, "birth_date": {"date": "2019-05-18"},
 "resident_since": {"date": "2019-05-18"}, "address_since": {"date": "2020-10-05"},
 "notified": {"date": "2019-05-27"}, "registered_domicile": {"mark": "omitted"},
 "register_head": {"mark": "omitted"}, "previous_address": {"mark": "unknown"}},
{"subject_tag": "DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD", "resident": "japanese",
 "name": "辻󠄂　千鶴", "name_kana": "ツジ　チヅル", "sex": "女", "relation": "母",
 "individual_number": {"mark": "omitted"}, "birth_date": {"date": "1953-11-03"},
 "resident_since": {"date": "2022-06-20"}, "address_since": {"mark": "unknown"},
 "notified": {"date": "2022-06-22"}, "former_surname_kana": "ヨシノ", "former_surname": "𠮷野",
 "registered_domicile": {"mark": "omitted"}, "register_head": {"mark": "omitted"},
 "previous_address": "高知県しおさい市白浜二丁目７番地",
 "remarks": [{"label": "旧氏の記載", "date": {"date": "2022-06-22"}}]}
]})";

// Persons a page, rounded up.
std::size_t pages_of(const CertificateModel& model, const CheckedForm& form) {
  const auto a_page = form.form.form().grid.persons;
  return (model.persons.size() + a_page - 1) / a_page;
}

}  // namespace

Result<std::vector<std::string>> write_preview(const RenderKit& kit, CertificateKind kind,
                                               const std::string& folder, const std::string& name) {
  CERTRELAY_TRY(auto model, parse_model_json(kHousehold));
  model.kind = kind;
  CERTRELAY_TRY(const auto pdf, render_certificate(model, kit));
  std::error_code made;
  std::filesystem::create_directories(folder, made);
  if (made) return Error{ErrorCode::kIoError, "preview: the folder cannot be made"};
  PosixFiles files;
  const auto stem = (std::filesystem::path(folder) / name).string();
  std::vector<std::string> out{stem + ".pdf"};
  CERTRELAY_TRY(files.write_durably(out.back(), pdf));
  for (std::size_t page = 1; page <= pages_of(model, *kit.form(kind)); ++page) {
    const auto number = std::to_string(page);
    CERTRELAY_TRY(
        const Bytes picture,
        run_filter({"pdftoppm", "-png", "-r", "150", "-f", number, "-l", number, "-"}, pdf));
    out.push_back(stem + (page == 1 ? "" : "-" + number) + ".png");
    CERTRELAY_TRY(files.write_durably(out.back(), picture));
  }
  return out;
}

}  // namespace certrelay
