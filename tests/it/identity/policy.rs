//! The table of who may do what, as it is. A change of the policy shows here and must be meant.

use std::fmt::Write;

use intercultural_cities::access::permission::Permission;
use intercultural_cities::access::policy::{Reach, reach};
use intercultural_cities::access::viewer::Role;

#[test]
fn the_matrix_of_roles_and_permissions() {
    let mut matrix = String::new();
    write!(matrix, "{:<22}", "").unwrap();
    for role in Role::ALL {
        write!(matrix, "{:<12}", role.as_str()).unwrap();
    }
    for permission in Permission::ALL {
        write!(matrix, "\n{:<22}", format!("{permission:?}")).unwrap();
        for role in Role::ALL {
            let cell = match reach(*role, *permission) {
                Reach::None => "-",
                Reach::Own => "own",
                Reach::All => "all",
            };
            write!(matrix, "{cell:<12}").unwrap();
        }
    }
    let matrix: Vec<&str> = matrix.lines().map(str::trim_end).collect();
    insta::assert_snapshot!(matrix.join("\n"));
}
