//! The content codings in which documents are kept ready.

use std::io::{self, Write};

use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

// Levels measured on a feed of 400 KB (two years of concerts), one core: gzip 9 10 ms, brotli 8 11 ms, zstd 15 12 ms, so
// all three stay below 50 ms. The next steps cost more than they give: brotli 9 takes 3 times as long for 0.1 %,
// brotli 10 20 times for 14 %, zstd 17 5 times for 2 %.
const KEPT: Levels = Levels {
    gzip: 9,
    brotli: 8,
    zstd: 15,
};

// What each encoder's authors give as the level for answers made on the fly.
const ONCE: Levels = Levels {
    gzip: 6,
    brotli: 4,
    zstd: 3,
};

/// How hard each encoder tries.
struct Levels {
    gzip: u32,
    brotli: i32,
    zstd: i32,
}

/// What compressing may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// For bytes that are kept and served many times.
    Kept,
    /// For bytes that are made for one answer.
    Once,
}

impl Effort {
    const fn levels(self) -> Levels {
        match self {
            Self::Kept => KEPT,
            Self::Once => ONCE,
        }
    }
}

/// A content coding (RFC 9110 §8.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coding {
    /// `br`, RFC 7932.
    Brotli,
    /// `zstd`, RFC 8878.
    Zstd,
    /// `gzip`, RFC 1952.
    Gzip,
    /// The bytes as they are.
    Identity,
}

impl Coding {
    /// Every coding; the order decides between forms of equal length.
    pub const ALL: [Self; 4] = [Self::Brotli, Self::Zstd, Self::Gzip, Self::Identity];

    /// Its name in `Accept-Encoding` and `Content-Encoding`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }

    /// The end of an entity tag that belongs to this coding.
    pub(super) const fn tag_suffix(self) -> &'static str {
        match self {
            Self::Brotli => "-br",
            Self::Zstd => "-zstd",
            Self::Gzip => "-gz",
            Self::Identity => "",
        }
    }

    /// `body` in this coding; the same bytes each time that the effort is the same.
    ///
    /// # Errors
    /// When the encoder gives up, which for writing into memory means a bug in it.
    pub(crate) fn encode(self, body: &[u8], effort: Effort) -> io::Result<Vec<u8>> {
        let levels = effort.levels();
        match self {
            Self::Brotli => {
                let mut coded = Vec::new();
                let params = BrotliEncoderParams {
                    quality: levels.brotli,
                    size_hint: body.len(),
                    ..BrotliEncoderParams::default()
                };
                brotli::BrotliCompress(&mut &body[..], &mut coded, &params)?;
                Ok(coded)
            }
            Self::Zstd => zstd::bulk::compress(body, levels.zstd),
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::new(levels.gzip));
                encoder.write_all(body)?;
                encoder.finish()
            }
            Self::Identity => Ok(body.to_vec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use proptest::prelude::*;

    use super::*;

    fn decode(coding: Coding, coded: &[u8]) -> Vec<u8> {
        let mut body = Vec::new();
        match coding {
            Coding::Brotli => brotli::BrotliDecompress(&mut &coded[..], &mut body).unwrap(),
            Coding::Zstd => body = zstd::stream::decode_all(coded).unwrap(),
            Coding::Gzip => {
                flate2::read::GzDecoder::new(coded)
                    .read_to_end(&mut body)
                    .unwrap();
            }
            Coding::Identity => body = coded.to_vec(),
        }
        body
    }

    proptest! {
        // Encoders are slow without optimisation.
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_is_coded_decodes_to_the_same_bytes_and_is_coded_the_same_each_time(
            body in prop::collection::vec(any::<u8>(), 0..2000)
        ) {
            for (coding, effort) in Coding::ALL.iter().flat_map(|coding| {
                [Effort::Kept, Effort::Once].map(|effort| (*coding, effort))
            }) {
                let coded = coding.encode(&body, effort).unwrap();
                prop_assert_eq!(&decode(coding, &coded), &body, "{:?} {:?}", coding, effort);
                prop_assert_eq!(coding.encode(&body, effort).unwrap(), coded, "{:?} {:?}", coding, effort);
            }
        }
    }
}
