-- Which pictures are alike is found by bands of their prints, once, when one is handed in

CREATE TABLE picture_band (
    band BIGINT NOT NULL,
    blob_id TEXT NOT NULL REFERENCES blob (id),
    PRIMARY KEY (band, blob_id)
)

CREATE INDEX picture_band_picture ON picture_band (blob_id)

CREATE TABLE picture_match (
    blob_id TEXT NOT NULL REFERENCES blob (id),
    other_id TEXT NOT NULL REFERENCES blob (id),
    PRIMARY KEY (blob_id, other_id)
)

CREATE INDEX picture_match_other ON picture_match (other_id)
