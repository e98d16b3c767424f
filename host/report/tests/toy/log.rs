//! Short ways to say events.

use autods_board::*;

/// The board in the making.
pub struct Log(pub Vec<Event>);

impl Log {
    pub fn add(&mut self, stage: Stage, author: &str, body: Body) -> EventId {
        let id = self.0.len() as EventId + 1;
        self.0.push(Event {
            id,
            stage,
            author: author.to_owned(),
            body,
        });
        id
    }

    pub fn host(&mut self, stage: Stage, body: HostBody) -> EventId {
        self.add(stage, "host", Body::Host(Box::new(body)))
    }

    pub fn agent(&mut self, stage: Stage, author: &str, body: EventBody) -> EventId {
        self.add(stage, author, Body::Agent(body))
    }
}

pub fn text(text: &str) -> String {
    text.to_owned()
}

pub fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|item| text(item)).collect()
}

/// Hex that looks like a digest and depends on its seed only.
pub fn digest(seed: u64) -> String {
    let mut stream = super::cohort::Stream::new(seed);
    (0..64)
        .map(|_| char::from_digit((stream.next() * 16.0) as u32, 16).unwrap_or('0'))
        .collect()
}

pub fn number(name: &str, value: f64) -> Param {
    Param {
        name: text(name),
        value: Scalar::Number(value),
    }
}

pub fn integer(name: &str, value: i64) -> Param {
    Param {
        name: text(name),
        value: Scalar::Integer(value),
    }
}

pub fn check(
    kind: CheckKind,
    target: CheckTarget,
    verdict: OutcomeVerdict,
    statistic: f64,
    threshold: f64,
) -> CheckResult {
    CheckResult {
        kind,
        target,
        verdict,
        statistic,
        threshold,
        levels: Vec::new(),
        numbers: Vec::new(),
    }
}

pub fn critique(target: EventId, item: RubricItem, evidence: EventId, remark: &str) -> Critique {
    Critique {
        target,
        item,
        evidence,
        remark: text(remark),
    }
}

pub fn file(name: &str, bytes: u64) -> FileDigest {
    FileDigest {
        name: text(name),
        sha256: digest(bytes),
        bytes,
    }
}

pub fn gate(from: Stage, to: Stage, name: &str, because: &str) -> HostBody {
    HostBody::Entered(Transition {
        from,
        to,
        conditions: vec![Condition {
            name: text(name),
            met: true,
            because: text(because),
        }],
    })
}
