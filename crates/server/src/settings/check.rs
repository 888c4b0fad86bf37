//! What one setting asks of another.

use super::{SettingProblem, Settings};

impl Settings {
    /// What one setting asks of another.
    pub(super) fn check_mail(&self, problems: &mut Vec<SettingProblem>) {
        let Some(host) = &self.smtp_host else { return };
        let mut problem = |place: &str, what: &str| {
            problems.push(SettingProblem { place: place.into(), what: what.into() });
        };
        if self.smtp_from.is_none() {
            problem("smtp.from", "is needed with `smtp.host`: the address that mails come from");
        }
        if self.smtp_user.is_some() != self.smtp_password.is_some() {
            problem("smtp.user", "and `smtp.password` are set together or not at all");
        }
        let here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if self.smtp_password.is_some() && self.smtp_tls == outbound::mail::TlsMode::Off && !here {
            problem(
                "smtp.tls",
                "is `off`, and the password would be sent in the clear: set `starttls` or `tls`",
            );
        }
    }

    pub(super) fn check_oidc(&self, problems: &mut Vec<SettingProblem>) {
        if self.oidc_issuer.is_some() != self.oidc_client_id.is_some() {
            let what = "and `oidc.client_id` are set together or not at all";
            problems.push(SettingProblem { place: "oidc.issuer".into(), what: what.into() });
        }
    }

    pub(super) fn check_tls(&self, problems: &mut Vec<SettingProblem>) {
        let mut problem = |place: &str, what: &str| {
            problems.push(SettingProblem { place: place.into(), what: what.into() });
        };
        if self.tls_certificate.is_some() != self.tls_key.is_some() {
            return problem("tls.certificate", "and `tls.key` are set together or not at all");
        }
        let by_acme = !self.acme.domains.is_empty();
        if by_acme && self.tls_certificate.is_some() {
            let what = "and `tls.certificate` exclude each other: remove `tls.certificate` and `tls.key`, and the server gets its certificate itself; or remove `acme.domains`, and it takes yours";
            return problem("acme.domains", what);
        }
        let needs = "needs a certificate: set `acme.domains`, and the server gets one itself, or `tls.certificate` and `tls.key`";
        let has_one = by_acme || self.tls_certificate.is_some();
        if !self.sip_tls.is_empty() && !has_one {
            problem("sip.tls", needs);
        }
        if self.http_tls.is_some() && !has_one {
            problem("http.tls", needs);
        }
    }

    pub(super) fn check_acme(&self, problems: &mut Vec<SettingProblem>) {
        let mut problem = |place: &str, what: &str| {
            problems.push(SettingProblem { place: place.into(), what: what.into() });
        };
        let acme = &self.acme;
        if acme.external_key_id.is_some() != acme.external_key.is_some() {
            problem("acme.external_key_id", "and `acme.external_key` are set together or not at all");
        }
        if acme.domains.is_empty() {
            if acme.listen.is_some() {
                problem("acme.listen", "is of no use without `acme.domains`");
            }
            return;
        }
        if self.http_tls.is_none() && self.sip_tls.is_empty() {
            let what = "would get a certificate that nobody sees: set `http.tls` (https) or `sip.tls` too";
            problem("acme.domains", what);
        }
    }
}
