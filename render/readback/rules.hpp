// What the reader knows of the form by itself: its words and where its cells lie. Written down a
// second time on purpose, apart from render/form, so that one wrong table cannot agree with itself.
#pragma once

#include <string>
#include <vector>

#include "protocol/base/register_date.hpp"

namespace certrelay {

// An era by the number of its first day, YYYYMMDD: 20190501.
struct ReadbackEra {
  int first_day;
  std::string name;
};

// The defaults are those of the form's built-in template; a municipality that changes a word there
// states it here too.
struct ReadbackRules {
  std::string omitted_mark = "＊＊＊";
  std::string unknown_mark = "【空欄】";
  std::string whole_sentence = "この写しは、世帯全員の住民票の原本と相違ないことを証明する。";
  std::string part_sentence = "この写しは、世帯の一部の住民票の原本と相違ないことを証明する。";
  std::string document_label = "文書番号";
  std::string page_suffix = "頁";
  std::string demo_word = "見本";
  // The labels that tell a Japanese resident's block from a foreign resident's.
  std::string domicile_label = "本籍";
  std::string nationality_label = "国籍・地域";
  std::vector<ReadbackEra> eras = {{18680125, "明治"},
                                   {19120730, "大正"},
                                   {19261225, "昭和"},
                                   {19890108, "平成"},
                                   {20190501, "令和"}};
};

// The words that a date of the register must have on the page. Display text wins.
// Errors: kReadbackMismatch when no words can be right.
Result<std::string> expected_date_words(const RegisterDate& date, bool western,
                                        const ReadbackRules& rules);

}  // namespace certrelay
