/// A language the product speaks. Chinese unless the reader asks for English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    /// Picks the language an `Accept-Language` header likes best (`en-GB,en;q=0.9,zh;q=0.5` is English).
    /// Unknown languages and `*` count for nothing; on a tie the one named first wins.
    pub fn from_accept_language(header: &str) -> Lang {
        let mut best = (0, Lang::default());
        for part in header.split(',') {
            let mut pieces = part.split(';').map(str::trim);
            let tag = pieces.next().unwrap_or_default();
            let primary = tag.split('-').next().unwrap_or_default();
            let lang = if primary.eq_ignore_ascii_case("zh") {
                Lang::Zh
            } else if primary.eq_ignore_ascii_case("en") {
                Lang::En
            } else {
                continue;
            };
            let weight = pieces.find_map(|piece| piece.strip_prefix("q=").or(piece.strip_prefix("Q="))).map_or(1000, thousandths);
            if weight > best.0 {
                best = (weight, lang);
            }
        }
        best.1
    }

    /// The language tag for `lang=` attributes and `Content-Language`.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }
}

/// A quality value between 0 and 1 in thousandths; nonsense weighs nothing.
fn thousandths(quality: &str) -> u32 {
    match quality.parse::<f64>() {
        Ok(q) if (0.0..=1.0).contains(&q) => (q * 1000.0).round() as u32,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_gets_the_language_asked_for() {
        for (header, lang) in [
            ("", Lang::Zh),
            ("en", Lang::En),
            ("EN-us", Lang::En),
            ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
            ("zh;q=0.1, en;q=0.2", Lang::En),
            ("fr,en;q=0.5", Lang::En),
            ("fr, de", Lang::Zh),
            ("*", Lang::Zh),
            ("en;q=0", Lang::Zh),
            ("en;q=x", Lang::Zh),
            ("en, zh", Lang::En),
            (";;;,,", Lang::Zh),
        ] {
            assert_eq!(Lang::from_accept_language(header), lang, "{header}");
        }
    }
}
