// The center of the self-test: whose answer is this? It knows the city from its making, asks the
// register nothing, and reads the finished bytes with the reader that shares nothing with the
// writer.
#pragma once

#include "firmware/selftest/fictional_city.hpp"
#include "protocol/record/entry.hpp"
#include "protocol/wire/inquiry_message.hpp"
#include "protocol/wire/issuance_message.hpp"

namespace certrelay {

// The household's members, all of them and in order, and nobody else. Errors: kSelfTestFailed.
Result<void> judge_inquiry(const InquiryAnswer& answer, const FictionalHousehold& own);

// On as many pages as sheets: the tags of those whom `request` chose, in printed order, their names
// and the one document id on each page, the household's address, and no word of another household.
// `body` came under a good signature. Errors: kSelfTestFailed, kPdfUnreadable.
Result<void> judge_document(ByteView body, const IssuanceHeaders& headers,
                            const TransactionId& transaction, const InquiryAnswer& inquiry,
                            const IssuanceRequest& request, const FictionalHousehold& own,
                            const FictionalCity& city);

// One intent, with the digest of these very bytes. Errors: kSelfTestFailed.
Result<void> judge_story(const std::vector<Entry>& story, const IssuanceHeaders& headers,
                         ByteView body);
// Ended for being late. Errors: kSelfTestFailed.
Result<void> judge_late_story(const std::vector<Entry>& story);

}  // namespace certrelay
