//! The tables as diesel sees them, alike for both databases. What it is not: the truth; the
//! migrations are, and `tests/it/migrations.rs` fails when the two differ.

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    users (id) {
        id -> Uid,
        email -> Text,
        email_key -> Text,
        name -> Text,
        sort_key -> Text,
        search_key -> Text,
        password_hash -> Nullable<Text>,
        language -> Text,
        person_id -> Nullable<Uid>,
        disabled_at -> Nullable<Stamp>,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    grants (id) {
        id -> Uid,
        user_id -> Uid,
        role -> Text,
        city_id -> Nullable<Uid>,
        expert_id -> Nullable<Uid>,
        appointment_id -> Nullable<Uid>,
        ends_on -> Nullable<Date>,
        granted_by -> Nullable<Uid>,
        granted_at -> Stamp,
        revoked_at -> Nullable<Stamp>,
        revoked_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    sessions (id) {
        id -> Uid,
        user_id -> Uid,
        created_at -> Stamp,
        expires_at -> Stamp,
        revoked_at -> Nullable<Stamp>,
        revoked_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    refresh_tokens (id) {
        id -> Uid,
        session_id -> Uid,
        token_hash -> Text,
        issued_at -> Stamp,
        expires_at -> Stamp,
        used_at -> Nullable<Stamp>,
        voided_at -> Nullable<Stamp>,
        predecessor_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    account_links (id) {
        id -> Uid,
        user_id -> Uid,
        purpose -> Text,
        token_hash -> Text,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
        expires_at -> Stamp,
        used_at -> Nullable<Stamp>,
        voided_at -> Nullable<Stamp>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    sign_in_attempts (account_key) {
        account_key -> Text,
        failures -> Doc,
        blocked_until -> Nullable<Stamp>,
        updated_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    audit_entries (id) {
        id -> Uid,
        at -> Stamp,
        actor_kind -> Text,
        actor_id -> Nullable<Uid>,
        actor_name -> Text,
        action -> Text,
        object_kind -> Text,
        object_id -> Nullable<Uid>,
        city_id -> Nullable<Uid>,
        request_id -> Nullable<Text>,
        details -> Doc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    audit_seals (sequence) {
        sequence -> BigInt,
        entry_id -> Uid,
        entry_hash -> Text,
        chain_hash -> Text,
        sealed_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    idempotency_keys (viewer, key) {
        viewer -> Text,
        key -> Text,
        field -> Text,
        digest -> Text,
        receipt -> Nullable<Doc>,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    jobs (id) {
        id -> Uid,
        kind -> Text,
        payload -> Doc,
        aggregate -> Text,
        state -> Text,
        run_after -> Stamp,
        attempts -> Integer,
        locked_until -> Nullable<Stamp>,
        locked_by -> Nullable<Text>,
        last_error -> Nullable<Text>,
        created_at -> Stamp,
        finished_at -> Nullable<Stamp>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    files (id) {
        id -> Uid,
        sha256 -> Text,
        size -> BigInt,
        media_type -> Text,
        name -> Text,
        owner_kind -> Text,
        owner_id -> Nullable<Uid>,
        city_id -> Nullable<Uid>,
        uploaded_by -> Nullable<Uid>,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    networks (id) {
        id -> Uid,
        code -> Text,
        kind -> Text,
        country -> Nullable<Text>,
        name_en -> Text,
        name_da -> Text,
        local_name -> Nullable<Text>,
        abbreviation -> Nullable<Text>,
        created_at -> Stamp,
        updated_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    rounds (id) {
        id -> Uid,
        network_id -> Uid,
        number -> Integer,
        name_en -> Text,
        name_da -> Text,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        expected_cities -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    cities (id) {
        id -> Uid,
        country -> Text,
        name -> Text,
        name_key -> Text,
        sort_key -> Text,
        search_key -> Text,
        population -> Nullable<BigInt>,
        population_year -> Nullable<Integer>,
        population_source -> Nullable<Text>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        time_zone -> Text,
        cvr -> Nullable<Text>,
        gln -> Nullable<Text>,
        geonames_id -> Nullable<BigInt>,
        invoice_name -> Nullable<Text>,
        invoice_street -> Nullable<Text>,
        invoice_postal_code -> Nullable<Text>,
        invoice_town -> Nullable<Text>,
        invoice_email -> Nullable<Text>,
        order_reference -> Nullable<Text>,
        successor_id -> Nullable<Uid>,
        succeeded_on -> Nullable<Date>,
        public_since -> Nullable<Date>,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    city_names (city_id, language) {
        city_id -> Uid,
        language -> Text,
        name -> Text,
        search_key -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    memberships (id) {
        id -> Uid,
        city_id -> Uid,
        network_id -> Uid,
        round_id -> Nullable<Uid>,
        number -> Integer,
        statement_of_intent_on -> Nullable<Date>,
        decision_on -> Nullable<Date>,
        agreement_on -> Nullable<Date>,
        fee_waived -> Bool,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        note -> Nullable<Text>,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    membership_events (id) {
        id -> Uid,
        membership_id -> Uid,
        kind -> Text,
        effective_on -> Date,
        recorded_at -> Stamp,
        recorded_by -> Nullable<Uid>,
        note -> Nullable<Text>,
        document_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    membership_spans (membership_id, starts_on) {
        membership_id -> Uid,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        city_id -> Uid,
        network_id -> Uid,
        status -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    city_standings (city_id, network_id, starts_on) {
        city_id -> Uid,
        network_id -> Uid,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        membership_id -> Uid,
        status -> Text,
        public_status -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    people (id) {
        id -> Uid,
        name -> Text,
        sort_key -> Text,
        search_key -> Text,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
        phone -> Nullable<Text>,
        kind -> Text,
        organisation -> Nullable<Text>,
        city_id -> Nullable<Uid>,
        language -> Nullable<Text>,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    appointments (id) {
        id -> Uid,
        city_id -> Uid,
        person_id -> Uid,
        role -> Text,
        fte_percent -> Integer,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        office -> Nullable<Text>,
        name_withheld -> Bool,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    partners (id) {
        id -> Uid,
        name -> Text,
        name_key -> Text,
        sort_key -> Text,
        search_key -> Text,
        kind -> Text,
        country -> Nullable<Text>,
        website -> Nullable<Text>,
        email -> Nullable<Text>,
        description -> Nullable<Text>,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    experts (id) {
        id -> Uid,
        person_id -> Uid,
        kind -> Text,
        languages -> Doc,
        policy_areas -> Doc,
        organisation -> Nullable<Text>,
        home_city_id -> Nullable<Uid>,
        available_from -> Nullable<Date>,
        available_until -> Nullable<Date>,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    packages (id) {
        id -> Uid,
        city_id -> Uid,
        status -> Text,
        currency -> Text,
        price_minor -> BigInt,
        starts_on -> Date,
        ends_on -> Date,
        covers_annual_fee -> Bool,
        instalments -> Integer,
        terminated_on -> Nullable<Date>,
        expires_on -> Date,
        different_hosts -> Bool,
        approval -> Nullable<Text>,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    entitlements (package_id, kind) {
        package_id -> Uid,
        kind -> Text,
        agreed -> Integer,
        granted -> Integer,
        reserved -> Integer,
        consumed -> Integer,
        expired -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    activities (id) {
        id -> Uid,
        city_id -> Uid,
        package_id -> Nullable<Uid>,
        kind -> Text,
        number -> Integer,
        status -> Text,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        ends_at -> Nullable<Stamp>,
        sort_on -> Date,
        expert_visit_id -> Nullable<Uid>,
        study_visit_id -> Nullable<Uid>,
        host_city_id -> Nullable<Uid>,
        topic -> Nullable<Text>,
        submitted_at -> Nullable<Stamp>,
        accepts_on -> Nullable<Date>,
        accepted_on -> Nullable<Date>,
        remark -> Nullable<Text>,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    acceptances (id) {
        id -> Uid,
        activity_id -> Uid,
        delivered_on -> Date,
        accepted_on -> Date,
        silent -> Bool,
        revoked_on -> Nullable<Date>,
        revoke_reason -> Nullable<Text>,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    activity_documents (id) {
        id -> Uid,
        activity_id -> Uid,
        file_id -> Uid,
        kind -> Text,
        title -> Text,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    activity_participants (id) {
        id -> Uid,
        activity_id -> Uid,
        position -> Integer,
        name -> Text,
        kind -> Text,
        organisation -> Nullable<Text>,
        decision_maker -> Bool,
        attended -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    package_amendments (id) {
        id -> Uid,
        package_id -> Uid,
        city_id -> Uid,
        kind -> Text,
        status -> Text,
        reason -> Text,
        from_kind -> Nullable<Text>,
        from_units -> Nullable<Integer>,
        to_kind -> Nullable<Text>,
        to_units -> Nullable<Integer>,
        pause_from -> Nullable<Date>,
        pause_until -> Nullable<Date>,
        months -> Nullable<Integer>,
        proposed_by -> Nullable<Uid>,
        decided_by -> Nullable<Uid>,
        decided_at -> Nullable<Stamp>,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    entitlement_entries (id) {
        id -> Uid,
        package_id -> Uid,
        kind -> Text,
        entry -> Text,
        units -> Integer,
        activity_id -> Nullable<Uid>,
        acceptance_id -> Nullable<Uid>,
        amendment_id -> Nullable<Uid>,
        reason -> Nullable<Text>,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    practices (id) {
        id -> Uid,
        slug -> Text,
        origin -> Text,
        city_id -> Nullable<Uid>,
        country -> Text,
        status -> Text,
        edition -> Integer,
        areas -> Doc,
        steps -> Doc,
        indicators -> Doc,
        content -> Doc,
        sort_key -> Text,
        search_key -> Text,
        published_on -> Date,
        review_on -> Nullable<Date>,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    sellers (id) {
        id -> Uid,
        code -> Text,
        name -> Text,
        street -> Text,
        postal_code -> Text,
        town -> Text,
        country -> Text,
        cvr -> Text,
        email -> Text,
        bank_registration -> Text,
        bank_account -> Text,
        fik_creditor -> Nullable<Text>,
        iban -> Nullable<Text>,
        bic -> Nullable<Text>,
        time_zone -> Text,
        currency -> Text,
        rule_set -> Text,
        fee_year -> Text,
        first_year -> Text,
        last_year -> Text,
        recognition -> Text,
        payment_days -> Integer,
        einvoicing -> Text,
        four_eyes_above -> BigInt,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    prices (id) {
        id -> Uid,
        product -> Text,
        currency -> Text,
        amount_minor -> BigInt,
        valid_from -> Date,
        vat_category -> Text,
        vat_rate_bp -> Integer,
        exemption_reason -> Nullable<Text>,
        note -> Nullable<Text>,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    invoice_counters (series, year) {
        series -> Text,
        year -> Integer,
        last_number -> BigInt,
        last_issued_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    invoices (id) {
        id -> Uid,
        kind -> Text,
        status -> Text,
        city_id -> Uid,
        membership_id -> Nullable<Uid>,
        package_id -> Nullable<Uid>,
        grant_id -> Nullable<Uid>,
        seller_id -> Uid,
        fee_year -> Integer,
        instalment -> Nullable<Integer>,
        series -> Nullable<Text>,
        year -> Nullable<Integer>,
        sequence -> Nullable<BigInt>,
        number -> Nullable<Text>,
        currency -> Text,
        net_minor -> BigInt,
        vat_minor -> BigInt,
        total_minor -> BigInt,
        allocated_minor -> BigInt,
        credited_minor -> BigInt,
        written_off_minor -> BigInt,
        issued_on -> Nullable<Date>,
        due_on -> Nullable<Date>,
        settled_on -> Nullable<Date>,
        content_hash -> Nullable<Text>,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    invoice_parties (invoice_id) {
        invoice_id -> Uid,
        seller -> Doc,
        buyer -> Doc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    invoice_lines (id) {
        id -> Uid,
        invoice_id -> Uid,
        position -> Integer,
        product -> Text,
        description_en -> Text,
        description_da -> Text,
        formula_en -> Text,
        formula_da -> Text,
        period_from -> Nullable<Date>,
        period_until -> Nullable<Date>,
        quantity -> Integer,
        unit_minor -> BigInt,
        net_minor -> BigInt,
        credited_minor -> BigInt,
        vat_category -> Text,
        vat_rate_bp -> Integer,
        exemption_reason -> Nullable<Text>,
        price_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    invoice_totals (fee_year, issue_year, status, currency, slot) {
        fee_year -> Integer,
        issue_year -> Integer,
        status -> Text,
        currency -> Text,
        slot -> Integer,
        invoices -> BigInt,
        total_minor -> BigInt,
        credited_minor -> BigInt,
        open_minor -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    deliveries (id) {
        id -> Uid,
        invoice_id -> Nullable<Uid>,
        credit_note_id -> Nullable<Uid>,
        city_id -> Uid,
        number -> Text,
        channel -> Text,
        transport -> Nullable<Text>,
        state -> Text,
        message -> Nullable<Text>,
        queued_at -> Stamp,
        sent_at -> Nullable<Stamp>,
        answered_at -> Nullable<Stamp>,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
        updated_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    credit_notes (id) {
        id -> Uid,
        invoice_id -> Uid,
        city_id -> Uid,
        status -> Text,
        reason_code -> Text,
        reason -> Text,
        series -> Nullable<Text>,
        year -> Nullable<Integer>,
        sequence -> Nullable<BigInt>,
        number -> Nullable<Text>,
        currency -> Text,
        net_minor -> BigInt,
        vat_minor -> BigInt,
        total_minor -> BigInt,
        taxes -> Doc,
        seller -> Doc,
        buyer -> Doc,
        issued_on -> Nullable<Date>,
        issued_by -> Nullable<Uid>,
        content_hash -> Nullable<Text>,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    credit_note_lines (id) {
        id -> Uid,
        credit_note_id -> Uid,
        invoice_line_id -> Uid,
        position -> Integer,
        product -> Text,
        description_en -> Text,
        description_da -> Text,
        net_minor -> BigInt,
        vat_category -> Text,
        vat_rate_bp -> Integer,
        exemption_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    payments (id) {
        id -> Uid,
        city_id -> Uid,
        currency -> Text,
        amount_minor -> BigInt,
        allocated_minor -> BigInt,
        returned_minor -> BigInt,
        received_on -> Date,
        reference -> Nullable<Text>,
        payer_name -> Nullable<Text>,
        note -> Nullable<Text>,
        recorded_by -> Nullable<Uid>,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    allocations (id) {
        id -> Uid,
        payment_id -> Uid,
        invoice_id -> Uid,
        credit_note_id -> Nullable<Uid>,
        reversal_id -> Nullable<Uid>,
        released_id -> Nullable<Uid>,
        amount_minor -> BigInt,
        allocated_on -> Date,
        reason -> Nullable<Text>,
        found_status -> Nullable<Text>,
        allocated_by -> Nullable<Uid>,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    expert_visits (id) {
        id -> Uid,
        city_id -> Uid,
        package_id -> Nullable<Uid>,
        theme -> Text,
        starts_on -> Date,
        starts_month -> BigInt,
        ends_on -> Date,
        time_zone -> Text,
        ends_at -> Stamp,
        status -> Text,
        cancelled_on -> Nullable<Date>,
        cancel_reason -> Nullable<Text>,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    expert_visit_team (visit_id, expert_id) {
        visit_id -> Uid,
        expert_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    expert_bookings (id) {
        id -> Uid,
        expert_id -> Uid,
        visit_id -> Nullable<Uid>,
        city_id -> Uid,
        starts_at -> Stamp,
        ends_at -> Stamp,
        travel_from -> Date,
        travel_until -> Date,
        held_until -> Nullable<Stamp>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    study_visits (id) {
        id -> Uid,
        host_city_id -> Uid,
        theme -> Text,
        description -> Nullable<Text>,
        starts_on -> Date,
        starts_month -> BigInt,
        ends_on -> Date,
        time_zone -> Text,
        ends_at -> Stamp,
        capacity -> Integer,
        places_taken -> Integer,
        status -> Text,
        cancelled_on -> Nullable<Date>,
        cancel_reason -> Nullable<Text>,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    study_visit_places (id) {
        id -> Uid,
        visit_id -> Uid,
        city_id -> Uid,
        package_id -> Nullable<Uid>,
        delegate_name -> Nullable<Text>,
        seats -> Integer,
        status -> Text,
        joined_at -> Stamp,
        left_at -> Nullable<Stamp>,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    mentor_pairings (id) {
        id -> Uid,
        mentor_city_id -> Uid,
        mentee_city_id -> Uid,
        low_city_id -> Uid,
        high_city_id -> Uid,
        mutual -> Bool,
        status -> Text,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        goals -> Nullable<Text>,
        mentor_consent_at -> Nullable<Stamp>,
        mentor_consent_by -> Nullable<Uid>,
        mentee_consent_at -> Nullable<Stamp>,
        mentee_consent_by -> Nullable<Uid>,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    pairing_legs (id) {
        id -> Uid,
        pairing_id -> Uid,
        mentor_city_id -> Uid,
        mentee_city_id -> Uid,
        area -> Text,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    ledger_transactions (id) {
        id -> Uid,
        kind -> Text,
        subject_id -> Uid,
        document -> Nullable<Text>,
        city_id -> Nullable<Uid>,
        currency -> Text,
        posted_on -> Date,
        documented_on -> Date,
        total_minor -> BigInt,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    ledger_lines (transaction_id, position) {
        transaction_id -> Uid,
        position -> Integer,
        account -> Text,
        currency -> Text,
        posted_on -> Date,
        amount_minor -> BigInt,
        invoice_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    ledger_balances (month, account, currency, slot) {
        month -> Integer,
        account -> Text,
        currency -> Text,
        slot -> Integer,
        debit_minor -> BigInt,
        credit_minor -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    ledger_locks (id) {
        id -> Integer,
        soft_through -> Nullable<Date>,
        hard_through -> Nullable<Date>,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    invoice_dues (due_on, currency, slot) {
        due_on -> Date,
        currency -> Text,
        slot -> Integer,
        invoices -> BigInt,
        open_minor -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    revenue_groups (account, currency, starts_on, ends_on, amount_minor, recognised_minor, slot) {
        account -> Text,
        currency -> Text,
        starts_on -> Date,
        ends_on -> Date,
        amount_minor -> BigInt,
        recognised_minor -> BigInt,
        slot -> Integer,
        lines -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    revenue_runs (id) {
        id -> Uid,
        through -> Date,
        state -> Text,
        postings -> BigInt,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
        updated_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    revenue_schedules (line_id) {
        line_id -> Uid,
        invoice_id -> Uid,
        city_id -> Uid,
        document -> Text,
        account -> Text,
        currency -> Text,
        issued_on -> Date,
        starts_on -> Date,
        ends_on -> Date,
        amount_minor -> BigInt,
        recognised_minor -> BigInt,
        recognised_through -> Nullable<Date>,
        is_done -> Bool,
        updated_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    fee_runs (id) {
        id -> Uid,
        fee_year -> Integer,
        issued_on -> Date,
        step -> Text,
        state -> Text,
        currency -> Text,
        drafted -> Integer,
        invoiced -> Integer,
        skipped -> Integer,
        failed -> Integer,
        net_minor -> BigInt,
        total_minor -> BigInt,
        after_city_id -> Nullable<Uid>,
        requested_by -> Nullable<Uid>,
        created_at -> Stamp,
        started_at -> Nullable<Stamp>,
        finished_at -> Nullable<Stamp>,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    fee_run_rows (id) {
        id -> Uid,
        run_id -> Uid,
        city_id -> Uid,
        membership_id -> Uid,
        outcome -> Text,
        reason_code -> Nullable<Text>,
        reason_en -> Nullable<Text>,
        reason_da -> Nullable<Text>,
        invoice_id -> Nullable<Uid>,
        currency -> Text,
        net_minor -> BigInt,
        total_minor -> BigInt,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    fee_refunds (credit_note_id, invoice_line_id, period_from) {
        credit_note_id -> Uid,
        invoice_line_id -> Uid,
        reason -> Text,
        period_from -> Date,
        period_until -> Date,
        net_minor -> BigInt,
        formula_en -> Text,
        formula_da -> Text,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    reminder_policies (seller_id) {
        seller_id -> Uid,
        reminders -> Bool,
        first_after -> Integer,
        second_after -> Integer,
        third_after -> Integer,
        collection_after -> Nullable<Integer>,
        fee_minor -> BigInt,
        compensation -> Bool,
        interest -> Bool,
        day_count -> Text,
        tolerance_minor -> BigInt,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    reminder_runs (id) {
        id -> Uid,
        run_on -> Date,
        status -> Text,
        sent -> BigInt,
        held -> BigInt,
        failed -> BigInt,
        problems -> Doc,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
        finished_at -> Nullable<Stamp>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    reminders (id) {
        id -> Uid,
        invoice_id -> Uid,
        city_id -> Uid,
        level -> Integer,
        sent_on -> Date,
        in_time_until -> Date,
        pay_by -> Date,
        open_minor -> BigInt,
        currency -> Text,
        day_count -> Text,
        said -> Doc,
        charges_invoice_id -> Nullable<Uid>,
        recipient -> Nullable<Text>,
        run_id -> Nullable<Uid>,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    late_charges (invoice_id) {
        invoice_id -> Uid,
        overdue_invoice_id -> Uid,
        fee_minor -> BigInt,
        compensation_minor -> BigInt,
        interest_minor -> BigInt,
        interest_until -> Nullable<Date>,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    reminder_holds (id) {
        id -> Uid,
        invoice_id -> Uid,
        city_id -> Uid,
        kind -> Text,
        reason -> Text,
        from_on -> Date,
        until_on -> Nullable<Date>,
        opened_by -> Nullable<Uid>,
        ended_on -> Nullable<Date>,
        ended_by -> Nullable<Uid>,
        end_note -> Nullable<Text>,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    payment_reversals (payment_id) {
        payment_id -> Uid,
        reversed_on -> Date,
        reason -> Text,
        reversed_by -> Nullable<Uid>,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    refunds (id) {
        id -> Uid,
        payment_id -> Uid,
        city_id -> Uid,
        status -> Text,
        currency -> Text,
        amount_minor -> BigInt,
        account -> Text,
        reference -> Nullable<Text>,
        reason -> Text,
        paid_on -> Nullable<Date>,
        approved_by -> Nullable<Uid>,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    write_offs (id) {
        id -> Uid,
        invoice_id -> Uid,
        city_id -> Uid,
        reverses_id -> Nullable<Uid>,
        status -> Text,
        kind -> Text,
        currency -> Text,
        amount_minor -> BigInt,
        reason -> Text,
        found_status -> Nullable<Text>,
        written_on -> Nullable<Date>,
        approved_by -> Nullable<Uid>,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    bank_decisions (id) {
        id -> Uid,
        entry_id -> Uid,
        position -> Integer,
        kind -> Text,
        made -> Text,
        payment_id -> Nullable<Uid>,
        confidence -> Nullable<Integer>,
        reason_en -> Text,
        reason_da -> Text,
        decided_by -> Nullable<Uid>,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    bank_entries (id) {
        id -> Uid,
        statement_id -> Uid,
        account -> Text,
        entry_identity -> Text,
        identity -> Text,
        position -> Integer,
        part -> Integer,
        direction -> Text,
        reversal -> Bool,
        currency -> Text,
        amount_minor -> BigInt,
        charges_minor -> BigInt,
        booked_on -> Date,
        value_on -> Date,
        bank_reference -> Nullable<Text>,
        end_to_end_id -> Nullable<Text>,
        creditor_reference -> Nullable<Text>,
        counterparty_name -> Nullable<Text>,
        counterparty_account -> Nullable<Text>,
        remittance -> Nullable<Text>,
        state -> Text,
        payment_id -> Nullable<Uid>,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    bank_policies (seller_id) {
        seller_id -> Uid,
        automatic_from -> Integer,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    bank_proposals (id) {
        id -> Uid,
        entry_id -> Uid,
        position -> Integer,
        kind -> Text,
        confidence -> Integer,
        reason_en -> Text,
        reason_da -> Text,
        city_id -> Nullable<Uid>,
        payment_id -> Nullable<Uid>,
        shares -> Doc,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    bank_statements (id) {
        id -> Uid,
        seller_id -> Uid,
        format -> Text,
        account -> Text,
        currency -> Text,
        bank_id -> Nullable<Text>,
        sequence -> Nullable<BigInt>,
        from_on -> Nullable<Date>,
        through_on -> Nullable<Date>,
        opening_minor -> Nullable<BigInt>,
        closing_minor -> Nullable<BigInt>,
        entry_count -> Integer,
        pending_count -> Integer,
        content_hash -> Text,
        position -> Integer,
        created_by -> Nullable<Uid>,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    funders (id) {
        id -> Uid,
        name -> Text,
        name_key -> Text,
        street -> Nullable<Text>,
        postal_code -> Nullable<Text>,
        town -> Nullable<Text>,
        country -> Text,
        cvr -> Nullable<Text>,
        gln -> Nullable<Text>,
        order_reference -> Nullable<Text>,
        email -> Nullable<Text>,
        created_at -> Stamp,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    funding_grants (id) {
        id -> Uid,
        city_id -> Uid,
        funder_id -> Uid,
        title -> Text,
        purpose -> Nullable<Text>,
        status -> Text,
        currency -> Text,
        asked_minor -> BigInt,
        reference -> Nullable<Text>,
        submitted_on -> Nullable<Date>,
        decided_on -> Nullable<Date>,
        reported_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        reason -> Nullable<Text>,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    funding_awards (grant_id) {
        grant_id -> Uid,
        promised_minor -> BigInt,
        promised_currency -> Text,
        usable_minor -> BigInt,
        usable_currency -> Text,
        rate_on -> Nullable<Date>,
        eligible_from -> Date,
        eligible_until -> Date,
        share_hundredths -> Integer,
        products -> Doc,
        covers_vat -> Bool,
        no_other_funds -> Bool,
        paid_to -> Text,
        report_due_on -> Date,
        used_minor -> BigInt,
        awarded_by -> Nullable<Uid>,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    funding_instalments (id) {
        id -> Uid,
        grant_id -> Uid,
        position -> Integer,
        due_on -> Date,
        amount_minor -> BigInt,
        status -> Text,
        received_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    fundings (id) {
        id -> Uid,
        grant_id -> Uid,
        invoice_id -> Uid,
        invoice_line_id -> Uid,
        share_invoice_id -> Nullable<Uid>,
        share_line_id -> Nullable<Uid>,
        counters_id -> Nullable<Uid>,
        net_minor -> BigInt,
        amount_minor -> BigInt,
        funded_on -> Date,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    package_parts (package_id, position) {
        package_id -> Uid,
        position -> Integer,
        title -> Nullable<Text>,
        amount_minor -> BigInt,
        falls_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    questionnaires (id) {
        id -> Uid,
        code -> Text,
        edition -> Integer,
        name_da -> Text,
        name_en -> Text,
        note_da -> Text,
        note_en -> Text,
        content -> Doc,
        content_hash -> Text,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    assessments (id) {
        id -> Uid,
        city_id -> Uid,
        questionnaire_id -> Uid,
        activity_id -> Nullable<Uid>,
        status -> Text,
        taken_on -> Date,
        population -> Nullable<BigInt>,
        foreign_born_bp -> Nullable<Integer>,
        figures_source -> Nullable<Text>,
        returned_reason -> Nullable<Text>,
        submitted_at -> Nullable<Stamp>,
        submitted_by -> Nullable<Uid>,
        approved_at -> Nullable<Stamp>,
        approved_by -> Nullable<Uid>,
        consented_at -> Nullable<Stamp>,
        consented_by -> Nullable<Uid>,
        consents_to_answers -> Bool,
        published_on -> Nullable<Date>,
        withdrawn_on -> Nullable<Date>,
        withdrawn_reason -> Nullable<Text>,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    assessment_answers (assessment_id, question) {
        assessment_id -> Uid,
        question -> Text,
        state -> Text,
        options -> Doc,
        evidence -> Nullable<Text>,
        source_url -> Nullable<Text>,
        review_note -> Nullable<Text>,
        updated_at -> Stamp,
        updated_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    assessment_scores (assessment_id, indicator) {
        assessment_id -> Uid,
        indicator -> Text,
        points -> BigInt,
        most -> BigInt,
        answered -> Integer,
        missing -> Integer,
        not_applicable -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    step_reports (id) {
        id -> Uid,
        city_id -> Uid,
        step -> Integer,
        sequence -> Integer,
        status -> Text,
        reported_on -> Date,
        evidence -> Nullable<Text>,
        source_url -> Nullable<Text>,
        reason -> Nullable<Text>,
        said_by -> Text,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    policy_statements (id) {
        id -> Uid,
        city_id -> Uid,
        area -> Text,
        sequence -> Integer,
        intercultural -> Integer,
        multicultural -> Integer,
        assimilation -> Integer,
        stated_on -> Date,
        evidence -> Text,
        source_url -> Nullable<Text>,
        said_by -> Text,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
    }
}

diesel::joinable!(package_parts -> packages (package_id));
diesel::joinable!(funding_grants -> cities (city_id));
diesel::joinable!(funding_grants -> funders (funder_id));
diesel::joinable!(funding_awards -> funding_grants (grant_id));
diesel::joinable!(funding_instalments -> funding_grants (grant_id));
diesel::joinable!(fundings -> funding_grants (grant_id));
diesel::joinable!(invoices -> funding_grants (grant_id));
diesel::joinable!(bank_entries -> bank_statements (statement_id));
diesel::joinable!(bank_proposals -> bank_entries (entry_id));
diesel::joinable!(bank_decisions -> bank_entries (entry_id));
diesel::joinable!(write_offs -> invoices (invoice_id));
diesel::joinable!(refunds -> payments (payment_id));
diesel::joinable!(payment_reversals -> payments (payment_id));
diesel::joinable!(grants -> users (user_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(account_links -> users (user_id));
diesel::joinable!(audit_seals -> audit_entries (entry_id));
diesel::joinable!(rounds -> networks (network_id));
diesel::joinable!(city_names -> cities (city_id));
diesel::joinable!(memberships -> cities (city_id));
diesel::joinable!(memberships -> networks (network_id));
diesel::joinable!(memberships -> rounds (round_id));
diesel::joinable!(membership_events -> memberships (membership_id));
diesel::joinable!(membership_events -> files (document_id));
diesel::joinable!(membership_spans -> memberships (membership_id));
diesel::joinable!(membership_spans -> cities (city_id));
diesel::joinable!(city_standings -> cities (city_id));
diesel::joinable!(city_standings -> networks (network_id));
diesel::joinable!(city_standings -> memberships (membership_id));
diesel::joinable!(membership_spans -> networks (network_id));
diesel::joinable!(people -> cities (city_id));
diesel::joinable!(appointments -> cities (city_id));
diesel::joinable!(appointments -> people (person_id));
diesel::joinable!(experts -> people (person_id));
diesel::joinable!(experts -> cities (home_city_id));
diesel::joinable!(packages -> cities (city_id));
diesel::joinable!(entitlements -> packages (package_id));
diesel::joinable!(acceptances -> activities (activity_id));
diesel::joinable!(activity_documents -> activities (activity_id));
diesel::joinable!(activity_documents -> files (file_id));
diesel::joinable!(activity_participants -> activities (activity_id));
diesel::joinable!(package_amendments -> packages (package_id));
diesel::joinable!(package_amendments -> cities (city_id));
diesel::joinable!(entitlement_entries -> activities (activity_id));
diesel::joinable!(entitlement_entries -> acceptances (acceptance_id));
diesel::joinable!(entitlement_entries -> package_amendments (amendment_id));
diesel::joinable!(activities -> cities (city_id));
diesel::joinable!(activities -> packages (package_id));
diesel::joinable!(practices -> cities (city_id));
diesel::joinable!(step_reports -> cities (city_id));
diesel::joinable!(policy_statements -> cities (city_id));
diesel::joinable!(assessments -> cities (city_id));
diesel::joinable!(assessments -> questionnaires (questionnaire_id));
diesel::joinable!(assessments -> activities (activity_id));
diesel::joinable!(assessment_answers -> assessments (assessment_id));
diesel::joinable!(assessment_scores -> assessments (assessment_id));
diesel::joinable!(invoices -> cities (city_id));
diesel::joinable!(invoices -> memberships (membership_id));
diesel::joinable!(invoices -> packages (package_id));
diesel::joinable!(invoices -> sellers (seller_id));
diesel::joinable!(invoice_parties -> invoices (invoice_id));
diesel::joinable!(invoice_lines -> invoices (invoice_id));
diesel::joinable!(invoice_lines -> prices (price_id));
diesel::joinable!(credit_notes -> invoices (invoice_id));
diesel::joinable!(credit_notes -> cities (city_id));
diesel::joinable!(credit_note_lines -> credit_notes (credit_note_id));
diesel::joinable!(credit_note_lines -> invoice_lines (invoice_line_id));
diesel::joinable!(fee_run_rows -> fee_runs (run_id));
diesel::joinable!(fee_run_rows -> cities (city_id));
diesel::joinable!(fee_run_rows -> memberships (membership_id));
diesel::joinable!(fee_refunds -> credit_notes (credit_note_id));
diesel::joinable!(fee_refunds -> invoice_lines (invoice_line_id));
diesel::joinable!(payments -> cities (city_id));
diesel::joinable!(allocations -> payments (payment_id));
diesel::joinable!(allocations -> invoices (invoice_id));
diesel::joinable!(allocations -> credit_notes (credit_note_id));
diesel::joinable!(expert_visits -> cities (city_id));
diesel::joinable!(expert_visits -> packages (package_id));
diesel::joinable!(expert_visit_team -> expert_visits (visit_id));
diesel::joinable!(expert_visit_team -> experts (expert_id));
diesel::joinable!(expert_bookings -> experts (expert_id));
diesel::joinable!(expert_bookings -> expert_visits (visit_id));
diesel::joinable!(expert_bookings -> cities (city_id));
diesel::joinable!(study_visits -> cities (host_city_id));
diesel::joinable!(study_visit_places -> study_visits (visit_id));
diesel::joinable!(study_visit_places -> cities (city_id));
diesel::joinable!(study_visit_places -> packages (package_id));
diesel::joinable!(pairing_legs -> mentor_pairings (pairing_id));

diesel::allow_tables_to_appear_in_same_query!(
    package_parts,
    funders,
    funding_grants,
    funding_awards,
    funding_instalments,
    fundings,
    users,
    grants,
    sessions,
    refresh_tokens,
    account_links,
    sign_in_attempts,
    audit_entries,
    audit_seals,
    idempotency_keys,
    jobs,
    files,
    networks,
    rounds,
    cities,
    city_names,
    memberships,
    membership_events,
    membership_spans,
    city_standings,
    people,
    appointments,
    partners,
    experts,
    packages,
    entitlements,
    acceptances,
    activity_documents,
    activity_participants,
    package_amendments,
    entitlement_entries,
    activities,
    practices,
    sellers,
    prices,
    invoice_counters,
    invoices,
    invoice_lines,
    invoice_parties,
    credit_notes,
    credit_note_lines,
    payments,
    allocations,
    ledger_transactions,
    ledger_lines,
    ledger_balances,
    ledger_locks,
    revenue_schedules,
    revenue_runs,
    invoice_dues,
    fee_runs,
    fee_run_rows,
    fee_refunds,
    bank_statements,
    bank_entries,
    bank_proposals,
    bank_decisions,
    bank_policies,
    expert_visits,
    expert_visit_team,
    expert_bookings,
    study_visits,
    study_visit_places,
    reminder_policies,
    reminder_runs,
    reminders,
    late_charges,
    reminder_holds,
    payment_reversals,
    refunds,
    write_offs,
    mentor_pairings,
    pairing_legs,
    questionnaires,
    assessments,
    assessment_answers,
    assessment_scores,
    step_reports,
    policy_statements,
);

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    documents (id) {
        id -> Uid,
        city_id -> Uid,
        activity_id -> Nullable<Uid>,
        kind -> Text,
        title -> Text,
        language -> Text,
        status -> Text,
        edition -> Integer,
        shown_edition -> Nullable<Integer>,
        published_edition -> Nullable<Integer>,
        fact_check_until -> Nullable<Date>,
        checked_at -> Nullable<Stamp>,
        checked_by -> Nullable<Uid>,
        may_be_published -> Bool,
        published_on -> Nullable<Date>,
        withdrawn_reason -> Nullable<Text>,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    document_editions (document_id, number) {
        document_id -> Uid,
        number -> Integer,
        file_id -> Uid,
        note -> Nullable<Text>,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    document_remarks (document_id, number) {
        document_id -> Uid,
        number -> Integer,
        edition -> Integer,
        words -> Text,
        said_by -> Text,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    practice_editions (practice_id, number) {
        practice_id -> Uid,
        number -> Integer,
        content -> Doc,
        published_on -> Date,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    practice_proposals (id) {
        id -> Uid,
        practice_id -> Nullable<Uid>,
        city_id -> Nullable<Uid>,
        status -> Text,
        based_on -> Integer,
        content -> Doc,
        remark -> Nullable<Text>,
        submitted_at -> Nullable<Stamp>,
        submitted_by -> Nullable<Uid>,
        published_at -> Nullable<Stamp>,
        published_by -> Nullable<Uid>,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
        updated_at -> Stamp,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    practice_adoptions (id) {
        id -> Uid,
        practice_id -> Uid,
        city_id -> Uid,
        sequence -> Integer,
        status -> Text,
        reported_on -> Date,
        outcome -> Nullable<Text>,
        source_url -> Nullable<Text>,
        said_by -> Text,
        created_at -> Stamp,
        created_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    search_counter (id) {
        id -> Integer,
        change -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kernel::sql_types::*;

    search_feed (kind, subject_id) {
        kind -> Text,
        subject_id -> Uid,
        change -> BigInt,
    }
}
