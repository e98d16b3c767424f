//! Narrative (<https://hl7.org/fhir/R4/narrative.html>).

/// Whether a text can be a Narrative's `div`: an element of that name whose entities XML knows.
/// HTML's own (`&nbsp;`, `&reg;`) are none of FHIR's.
pub(super) fn is_div(text: &str) -> bool {
    let text = text.trim();
    let is_element = text.starts_with("<div") && (text.ends_with("</div>") || text.ends_with("/>"));
    is_element && text.split('&').skip(1).all(begins_with_entity)
}

fn begins_with_entity(text: &str) -> bool {
    let Some((name, _)) = text.split_once(';') else {
        return false;
    };
    match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix('x') {
            Some(hex) => u32::from_str_radix(hex, 16).is_ok(),
            None => number.parse::<u32>().is_ok(),
        },
        None => ["lt", "gt", "amp", "quot", "apos"].contains(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::is_div;

    #[test]
    fn a_narrative_has_entities_of_xml_alone() {
        assert!(is_div(" <div xmlns=\"x\">a &lt; b &#160;&#xa0;</div>\n"));
        for wrong in [
            "text",
            "<p/>",
            "<div>&nbsp;</div>",
            "<div>a & b</div>",
            "<div>&#x;</div>",
        ] {
            assert!(!is_div(wrong), "{wrong}");
        }
    }
}
