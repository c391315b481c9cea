//! Tables of flows. Facts are written and read as integers (`columns.rs`); the entities say what the columns are.

/// Current facts.
pub mod flow {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "flows")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dataset: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub reporter: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub flow: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub period: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub partner: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub commodity: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub variant: i32,
        pub release: i32,
        pub value: Option<i64>,
        pub net_weight: Option<i64>,
        pub quantity: Option<i64>,
        pub cif_value: Option<i64>,
        pub fob_value: Option<i64>,
        pub gross_weight: Option<i64>,
        pub alt_quantity: Option<i64>,
        pub quantity_unit: Option<i16>,
        pub alt_unit: Option<i16>,
        pub flags: Option<i16>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Versions that a later release replaced or withdrew.
pub mod flow_history {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "flow_history")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dataset: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub reporter: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub flow: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub period: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub partner: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub commodity: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub variant: i32,
        pub release: i32,
        pub value: Option<i64>,
        pub net_weight: Option<i64>,
        pub quantity: Option<i64>,
        pub cif_value: Option<i64>,
        pub fob_value: Option<i64>,
        pub gross_weight: Option<i64>,
        pub alt_quantity: Option<i64>,
        pub quantity_unit: Option<i16>,
        pub alt_unit: Option<i16>,
        pub flags: Option<i16>,
        #[sea_orm(primary_key, auto_increment = false)]
        pub until_release: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Rows by kind of each report.
pub mod flow_stratum {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "flow_strata")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dataset: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub reporter: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub flow: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub period: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub classification: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub chapter: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub level: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub partner_kind: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub detail_kind: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub since_release: i32,
        pub until_release: Option<i32>,
        pub rows: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Sums over commodities for a pair of countries.
pub mod flow_pair {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "flow_pairs")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dataset: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub reporter: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub flow: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub period: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub partner: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub cut: i16,
        pub rows: i64,
        pub value_rows: i64,
        pub value: i64,
        pub weight_rows: i64,
        pub net_weight: i64,
        pub weighed_value: i64,
        pub weighed_weight: i64,
        pub estimated_value: i64,
        pub converted_value: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Sums over all reporters and partners for a commodity.
pub mod flow_world {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "flow_world")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dataset: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub flow: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub detail: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub period: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub commodity: i32,
        pub rows: i64,
        pub value_rows: i64,
        pub value: i64,
        pub weight_rows: i64,
        pub net_weight: i64,
        pub weighed_value: i64,
        pub weighed_weight: i64,
        pub estimated_value: i64,
        pub converted_value: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
