// Small PDF files written by hand, object by object, for readers that must judge them.
#pragma once

#include <string>
#include <vector>

namespace certrelay {

// Objects 1, 2, ... in order, a classic cross-reference table and a trailer whose /Root is 1 0 R.
inline std::string make_pdf(const std::vector<std::string>& objects) {
  std::string out = "%PDF-1.7\n";
  std::string table = "xref\n0 " + std::to_string(objects.size() + 1) + "\n0000000000 65535 f \n";
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const std::string offset = std::to_string(out.size());
    table += std::string(10 - offset.size(), '0') + offset + " 00000 n \n";
    out += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
  }
  const std::string start = std::to_string(out.size());
  return out + table + "trailer\n<</Size " + std::to_string(objects.size() + 1) +
         "/Root 1 0 R>>\nstartxref\n" + start + "\n%%EOF\n";
}

inline std::string pdf_stream(const std::string& data) {
  return "<</Length " + std::to_string(data.size()) + ">>\nstream\n" + data + "\nendstream";
}

// One page a content stream; the second stream of each page is shared.
inline std::string pdf_of_pages(const std::vector<std::string>& first_streams) {
  std::vector<std::string> objects{"<</Type/Catalog/Pages 2 0 R>>", "", pdf_stream("BT ET")};
  std::string kids;
  for (const std::string& stream : first_streams) {
    const std::size_t page = objects.size() + 1;
    kids += std::to_string(page) + " 0 R ";
    objects.push_back("<</Type /Page /Parent 2 0 R /Contents [" + std::to_string(page + 1) +
                      " 0 R 3 0 R]>>");
    objects.push_back(pdf_stream(stream));
  }
  objects[1] =
      "<</Type/Pages/Count " + std::to_string(first_streams.size()) + "/Kids[" + kids + "]>>";
  return make_pdf(objects);
}

}  // namespace certrelay
