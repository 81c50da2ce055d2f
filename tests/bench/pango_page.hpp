// The nearest peer of our page: the same content through cairo and Pango, as somebody would write
// it who knows both well. Bench only; nothing that ships sees it.
#pragma once

#include <memory>

#include "render/form/form_template.hpp"
#include "render/model/model.hpp"

namespace certrelay {

// What is the same for all documents (font map, context, descriptions) is made once, so that a
// round pays for one document alone.
class PangoPage {
 public:
  // `form` must outlive it.
  explicit PangoPage(const FormTemplate& form);
  ~PangoPage();
  PangoPage(const PangoPage&) = delete;
  PangoPage& operator=(const PangoPage&) = delete;

  // Title, header, lines, labels, values, footer and seal of every sheet, at the places of the
  // form. Labels are set close instead of spread, which spares the peer a measure of each.
  Bytes write(const CertificateModel& model);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace certrelay
