//! How a password covers a secret key: scrypt with libsodium's two cost numbers.

use scrypt::Params;
use zeroize::Zeroizing;

use crate::error::KeyError;

/// Bytes that are covered: key id, seed, public half, checksum.
pub(crate) const COVERED: usize = 8 + 64 + 32;

/// What opening a key costs, as libsodium's `opslimit` and `memlimit`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) operations: u64,
    pub(crate) memory: u64,
}

/// What is written: N = 2^18, r = 8, p = 1, which takes 256 MiB; twice the least that OWASP's
/// password storage cheat sheet recommends (N = 2^17).
pub(crate) const WRITTEN: Cost = Cost {
    operations: 1 << 23,
    memory: 1 << 28,
};

/// The most that is read: minisign's own keys take 1 GiB and 2^25 operations. A file that asks
/// for more asks to keep the machine busy.
const MOST: Cost = Cost {
    operations: 1 << 27,
    memory: 1 << 30,
};

/// The stream that covers a key.
pub(crate) fn stream(
    password: &str,
    salt: &[u8; 32],
    cost: Cost,
) -> Result<Zeroizing<[u8; COVERED]>, KeyError> {
    let refused = |what| KeyError::Malformed {
        kind: "secret",
        what,
    };
    if cost.operations > MOST.operations || cost.memory > MOST.memory {
        return Err(refused(
            "opening it would take more than 1 GiB of memory or 2^27 operations",
        ));
    }
    let (log_n, p) = parameters(cost);
    let parameters =
        Params::new(log_n, 8, p).map_err(|_| refused("its password cost makes no sense"))?;
    let mut stream = Zeroizing::new([0; COVERED]);
    scrypt::scrypt(
        password.as_bytes(),
        salt,
        &parameters,
        stream.as_mut_slice(),
    )
    .map_err(|_| refused("its password cost makes no sense"))?;
    Ok(stream)
}

/// N (as a power of two) and p, for r = 8, as libsodium's
/// `crypto_pwhash_scryptsalsa208sha256` picks them from its two limits.
fn parameters(cost: Cost) -> (u8, u32) {
    const R: u64 = 8;
    let operations = cost.operations.max(32_768);
    let few = operations < cost.memory / 32;
    let most = if few {
        operations / (R * 4)
    } else {
        cost.memory / (R * 128)
    };
    let mut log_n = 1_u8;
    while log_n < 63 && 1_u64 << log_n <= most / 2 {
        log_n += 1;
    }
    if few {
        return (log_n, 1);
    }
    let rp = ((operations / 4) / (1_u64 << log_n)).min(0x3fff_ffff);
    (log_n, u32::try_from(rp / R).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_read_as_libsodium_reads_them() {
        // crypto_pwhash_scryptsalsa208sha256_{SENSITIVE,INTERACTIVE}, and what is written here.
        let sensitive = Cost {
            operations: 33_554_432,
            memory: 1_073_741_824,
        };
        let interactive = Cost {
            operations: 524_288,
            memory: 16_777_216,
        };
        assert_eq!(parameters(sensitive), (20, 1));
        assert_eq!(parameters(interactive), (14, 1));
        assert_eq!(parameters(WRITTEN), (18, 1));
    }

    #[test]
    fn a_key_that_would_keep_the_machine_busy_is_refused() {
        for cost in [
            Cost {
                operations: u64::MAX,
                memory: 1 << 20,
            },
            Cost {
                operations: 1 << 20,
                memory: u64::MAX,
            },
        ] {
            assert_eq!(
                stream("x", &[0; 32], cost).unwrap_err().code(),
                "key-malformed"
            );
        }
        // No memory at all gives parameters that scrypt does not have.
        let nothing = Cost {
            operations: 0,
            memory: 0,
        };
        assert!(stream("x", &[0; 32], nothing).is_err() || parameters(nothing).1 > 0);
    }
}
