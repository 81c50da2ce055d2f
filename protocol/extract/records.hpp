// What a register extract says, as plain values: one struct a record type, one member a column
// (FORMAT.md holds the table). Nothing here is checked beyond its type; extract_checks.hpp does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/base/names.hpp"
#include "protocol/base/personal_text.hpp"
#include "protocol/base/register_date.hpp"
#include "protocol/base/sha256.hpp"
#include "protocol/base/time.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/ids/individual_number.hpp"
#include "protocol/ids/values.hpp"
#include "protocol/wire/fee.hpp"

namespace certrelay {

// 住民区分
enum class ResidentClass : std::uint8_t { kJapanese = 1, kForeign = 2 };
inline constexpr Names<ResidentClass, 2> kResidentClasses{
    {{ResidentClass::kJapanese, "J"}, {ResidentClass::kForeign, "F"}}};

enum class Sex : std::uint8_t { kMale = 1, kFemale = 2, kUnknown = 9 };
inline constexpr Names<Sex, 3> kSexes{
    {{Sex::kMale, "1"}, {Sex::kFemale, "2"}, {Sex::kUnknown, "9"}}};

// 続柄, coarse: what is printed is the text beside it (長男, 妻の父 ...).
enum class Relation : std::uint8_t {
  kHead = 1,      // 世帯主
  kSpouse = 2,    // 夫, 妻
  kPartner = 3,   // 夫（未届）, 妻（未届）
  kChild = 4,     // 子, 子の子 ...
  kParent = 5,    // 父, 母, 祖父母
  kSibling = 6,   // 兄弟姉妹
  kRelative = 7,  // any other relative
  kLodger = 8,    // 同居人, 縁故者
};
inline constexpr Names<Relation, 8> kRelations{{{Relation::kHead, "HEAD"},
                                                {Relation::kSpouse, "SPOUSE"},
                                                {Relation::kPartner, "PARTNER"},
                                                {Relation::kChild, "CHILD"},
                                                {Relation::kParent, "PARENT"},
                                                {Relation::kSibling, "SIBLING"},
                                                {Relation::kRelative, "RELATIVE"},
                                                {Relation::kLodger, "LODGER"}}};

// Why a member cannot be chosen (item 6, 個人情報の交付不可事由). The center sees one code for all.
// The numbers of the three gates are stored sealed: append only.
enum class MemberGate : std::uint8_t {
  kOpen = 0,
  kTextTooLong = 1,    // 文字数超過
  kGlyphMissing = 2,   // 外字登録中
  kDeathReported = 3,  // 死亡届出直後
  kWindow = 4,         // 窓口でお尋ねください, no closer reason given
};
inline constexpr Names<MemberGate, 5> kMemberGates{{{MemberGate::kOpen, ""},
                                                    {MemberGate::kTextTooLong, "TEXT-TOO-LONG"},
                                                    {MemberGate::kGlyphMissing, "GLYPH-MISSING"},
                                                    {MemberGate::kDeathReported, "DEATH-REPORTED"},
                                                    {MemberGate::kWindow, "WINDOW"}}};

// Why nobody of the household gets anything (item 4, 世帯情報の交付不可事由).
enum class HouseholdGate : std::uint8_t {
  kOpen = 0,
  kMovePending = 1,    // 異動処理中
  kHeadUndecided = 2,  // 世帯主未定
  kProtected = 3,      // 支援措置
  kQuarantined = 4,    // 保留中の異動
  kHeld = 5,           // 職員による停止
  kWindow = 6,         // no closer reason given
};
inline constexpr Names<HouseholdGate, 7> kHouseholdGates{
    {{HouseholdGate::kOpen, ""},
     {HouseholdGate::kMovePending, "MOVE-PENDING"},
     {HouseholdGate::kHeadUndecided, "HEAD-UNDECIDED"},
     {HouseholdGate::kProtected, "PROTECTED"},
     {HouseholdGate::kQuarantined, "QUARANTINED"},
     {HouseholdGate::kHeld, "HELD"},
     {HouseholdGate::kWindow, "WINDOW"}}};

// Why the person's own card opens nothing.
enum class ApplicantGate : std::uint8_t {
  kOpen = 0,
  kProtected = 1,  // 支援措置
  kMovingOut = 2,  // 転出, from applicant_gate_from on
  kDeceased = 3,   // 死亡
  kDeleted = 4,    // 消除
  kHeld = 5,       // 職員による停止
  kWindow = 6,     // no closer reason given
};
inline constexpr Names<ApplicantGate, 7> kApplicantGates{{{ApplicantGate::kOpen, ""},
                                                          {ApplicantGate::kProtected, "PROTECTED"},
                                                          {ApplicantGate::kMovingOut, "MOVING-OUT"},
                                                          {ApplicantGate::kDeceased, "DECEASED"},
                                                          {ApplicantGate::kDeleted, "DELETED"},
                                                          {ApplicantGate::kHeld, "HELD"},
                                                          {ApplicantGate::kWindow, "WINDOW"}}};

// One row of 備考, the history of the 通称 included; free text is a remark with `label` alone.
struct RemarkRecord {
  PersonalText label{};
  PersonalText name{};
  RegisterDate date{};
  PersonalText place{};
  friend bool operator==(const RemarkRecord&, const RemarkRecord&) = default;
};

inline constexpr std::size_t kRemarksMax = 12;
inline constexpr std::size_t kHouseholdMembersMax = 99;  // over 20 is window_only, yet recorded

struct PersonRecord {
  PersonId person;
  HouseholdId household;
  std::uint16_t order = 0;  // in the household, from 1; 1 is the head
  ResidentClass resident_class = ResidentClass::kJapanese;
  PersonalText resident_class_text{};
  PersonalText name{};            // 氏名
  PersonalText kana{};            // 氏名の振り仮名
  bool kana_fixed = false;        // 振り仮名 prints only where the register has fixed it
  std::string name_image_file{};  // "" or a name of the extract's images
  Bytes name_image{};             // the PNG itself; filled by the import, never from a CSV cell
  RegisterDate birth{};           // 生年月日
  Sex sex = Sex::kUnknown;
  PersonalText sex_text{};
  Relation relation = Relation::kLodger;
  PersonalText relation_text{};
  PersonalText former_name{};            // 旧氏
  PersonalText former_name_kana{};       // 旧氏の振り仮名
  RegisterDate resident_since{};         // 住民となった年月日
  RegisterDate address_since{};          // 住所を定めた年月日
  RegisterDate notified{};               // 届出日
  PersonalText registered_domicile{};    // 本籍
  PersonalText register_head{};          // 筆頭者
  PersonalText previous_address{};       // 転入前住所
  PersonalText nationality{};            // 国籍・地域
  PersonalText residence_category{};     // 住基法30条の45に規定する区分
  PersonalText residence_card_number{};  // 在留カード等の番号
  PersonalText residence_status{};       // 在留資格
  PersonalText residence_period{};       // 在留期間
  RegisterDate residence_expiry{};       // 在留期間の満了の日
  RegisterDate foreign_since{};          // 外国人住民となった年月日
  PersonalText alias{};                  // 通称
  PersonalText alias_kana{};             // 通称の振り仮名
  std::vector<RemarkRecord> remarks{};   // 備考, at most kRemarksMax
  MemberGate member_gate = MemberGate::kOpen;
  ApplicantGate applicant_gate = ApplicantGate::kOpen;
  // The first day on which applicant_gate refuses; without one it refuses at once.
  std::optional<JstDay> applicant_gate_from{};
  // 個人番号, only where it is held (R08), and never of somebody dead (R49). Empty too where it was
  // not notified yet, and in every record that the register stores: there it lies sealed apart.
  std::optional<IndividualNumber> individual_number{};
  friend bool operator==(const PersonRecord&, const PersonRecord&) = default;
};

struct HouseholdRecord {
  HouseholdId household;
  PersonId head;
  PersonalText address{};    // 住所
  PersonalText head_name{};  // 世帯主, as printed
  std::uint16_t member_count = 0;
  HouseholdGate gate = HouseholdGate::kOpen;
  friend bool operator==(const HouseholdRecord&, const HouseholdRecord&) = default;
};

// The link of one certificate to one person; several a person (card and phone).
struct CardRecord {
  std::uint8_t issuer = 0;  // index into Manifest::issuers
  Bytes serial{};           // 1 to 20 content octets of the INTEGER, as in the certificate
  JstDay valid_from{};      // usable from 00:00 JST of that day: the day after the issue
  PersonId person;
  friend bool operator==(const CardRecord&, const CardRecord&) = default;
};

struct KindRecord {
  CertificateKind kind = CertificateKind::kJuminhyo;
  std::string name{};
  bool inquiry = true;             // item 22; false: the kiosk shows no menu, takes the defaults
  bool individual_number = false;  // item 19
  friend bool operator==(const KindRecord&, const KindRecord&) = default;
};

struct PurposeRecord {
  PurposeCode purpose;
  std::string name{};
  friend bool operator==(const PurposeRecord&, const PurposeRecord&) = default;
};

// The optional entries that a page knows; fixed codes, because code acts on them. 個人番号 is not
// among them: where it is held, the inquiry answer has a flag of its own for it (R08, item 19).
inline constexpr std::string_view kEntryHeadRelation = "HEAD-RELATION";  // 世帯主・続柄
inline constexpr std::string_view kEntryDomicile = "DOMICILE";           // 本籍・筆頭者
inline constexpr std::string_view kEntryForeignItems = "FOREIGN-ITEMS";  // 国籍等・在留カード等
bool is_known_entry(const EntryCode& entry);

struct EntryRecord {
  EntryCode entry;
  std::string name{};
  bool included_by_default = false;  // item 17
  bool selectable = true;            // item 18
  friend bool operator==(const EntryRecord&, const EntryRecord&) = default;
};

struct FeeRecord {
  CertificateKind kind = CertificateKind::kJuminhyo;
  PurposeCode purpose;
  std::uint32_t unit_price_yen = 0;
  FeeUnit unit = FeeUnit::kPerCopy;
  JstDay effective_from{};  // the fee in force is the latest that does not lie ahead
  friend bool operator==(const FeeRecord&, const FeeRecord&) = default;
};

// What the kiosk's menu is made of; everything of the extract that is nobody's personal data.
struct Catalogue {
  std::vector<KindRecord> kinds{};
  std::vector<PurposeRecord> purposes{};
  std::vector<EntryRecord> entries{};  // in the order of the menu
  std::vector<FeeRecord> fees{};
  friend bool operator==(const Catalogue&, const Catalogue&) = default;
};

struct ManifestFile {
  std::string name{};  // of the closed list (FORMAT.md), or images/NAME.png
  std::uint64_t bytes = 0;
  Digest sha256{};
  friend bool operator==(const ManifestFile&, const ManifestFile&) = default;
};

inline constexpr std::uint16_t kExtractSchemaVersion = 1;

// Whether an extract and the changes after it bring 個人番号: only a municipality that says so
// (`hold_individual_number`) takes them (R08).
enum class IndividualNumbers : std::uint8_t { kNotHeld, kHeld };

struct Manifest {
  MunicipalityCode municipality;
  std::uint16_t schema_version = kExtractSchemaVersion;
  std::uint64_t generation = 0;       // from 1, rising
  std::uint64_t base_generation = 0;  // the generation that the sender takes to be in force; 0 none
  std::uint64_t last_change = 0;      // the last change of base_generation that this one contains
  std::uint64_t persons = 0;
  std::uint64_t households = 0;
  std::uint64_t cards = 0;
  UtcTime created{};
  std::string operator_name{};  // who ran the extract at the source system (R26)
  IndividualNumbers numbers = IndividualNumbers::kNotHeld;
  std::vector<Bytes> issuers{};       // each a DER Name
  std::vector<ManifestFile> files{};  // in the order of the stream
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

}  // namespace certrelay
