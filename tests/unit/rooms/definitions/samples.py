"""Right and wrong values of every property, and the defaults that the reference gives it."""

from collections.abc import Mapping
from typing import Any

from vestibule.rooms.definitions.properties import MAX_PARTICIPANTS

BUCKET = {
    "bucket_name": "clinic",
    "bucket_region": "eu-central-1",
    "assume_role_arn": "arn:aws:iam::1:role/daily",
    "allow_api_access": True,
}
PERMISSIONS = {
    "hasPresence": False,
    "canSend": ["video", "audio", "screenVideo", "screenAudio", "customVideo", "customAudio"],
    "canReceive": {
        "base": {"video": True, "customAudio": {"music": False}},
        "byUserId": {"ada": True},
        "byParticipantId": {"p1": {"audio": False}},
    },
    "canAdmin": ["participants", "streaming", "transcription"],
}
RECORDING_OPTIONS = {
    "width": 1280,
    "height": 720,
    "fps": 25,
    "videoBitrate": 3000,
    "audioBitrate": 96,
    "minIdleTimeOut": 600,
    "maxDuration": 3600,
    "backgroundColor": "#80ffffff",
    "instanceId": "c3df927c-f738-4471-a2b7-066fa7e95a6b",
    "type": "cloud-audio-only",
    "layout": {"preset": "portrait", "variant": "inset", "max_cam_streams": 4},
    "dataOutputs": ["event-json", "chat-webvtt"],
}

# For each property: the default of the reference, values that are right, values that are wrong.
BOOLEANS = [True, False]
NOT_BOOLEANS = ["true", 1, 0, [], {}]
ROOM: Mapping[str, tuple[Any, list[Any], list[Any]]] = {
    "nbf": (None, [0, 1_800_000_000, 1.8e9, "1800000000"], [-1, True, "soon", [], 1.8e12]),
    "exp": (
        None,
        [1_800_000_000, 1708972279.96, "1800000000"],
        [False, "", {}, float("inf"), "1_800_000_000", " 1800000000", "1.8e9", "\u0661" * 10],
    ),
    "max_participants": (
        200,
        [1, 200, 2.0, MAX_PARTICIPANTS],
        [0, -1, 2.5, "2", MAX_PARTICIPANTS + 1],
    ),
    "eject_at_room_exp": (False, BOOLEANS, NOT_BOOLEANS),
    "eject_after_elapsed": (None, [1, 3600], [0, -5, "60", True, 2**31]),
    "enable_knocking": (False, BOOLEANS, NOT_BOOLEANS),
    "enforce_unique_user_ids": (False, BOOLEANS, NOT_BOOLEANS),
    "enable_hidden_participants": (False, BOOLEANS, NOT_BOOLEANS),
    "permissions": (
        {"hasPresence": True, "canSend": True, "canReceive": {"base": True}, "canAdmin": False},
        [PERMISSIONS, {"canSend": False}, {"canAdmin": True}, {"canReceive": {"base": False}}],
        [
            {"canSend": "video"},
            {"canSend": ["smell"]},
            {"canSend": ["video", "video"]},
            {"canAdmin": ["all"]},
            {"canReceive": True},
            {"canReceive": {"everything": True}},
            {"canReceive": {"base": {"smell": True}}},
            {"hasPresence": "no"},
            {"has_presence": True},
            True,
        ],
    ),
    "enable_screenshare": (True, BOOLEANS, NOT_BOOLEANS),
    "owner_only_broadcast": (False, BOOLEANS, NOT_BOOLEANS),
    "start_video_off": (False, BOOLEANS, NOT_BOOLEANS),
    "start_audio_off": (False, BOOLEANS, NOT_BOOLEANS),
    "enable_mesh_sfu": (None, BOOLEANS, NOT_BOOLEANS),
    "sfu_switchover": (0.5, [0.5, 4], [-1, "4", True, float("nan"), float("inf")]),
    "enable_adaptive_simulcast": (True, BOOLEANS, NOT_BOOLEANS),
    "enable_multiparty_adaptive_simulcast": (False, BOOLEANS, NOT_BOOLEANS),
    "experimental_optimize_large_calls": (None, BOOLEANS, NOT_BOOLEANS),
    "geo": (None, ["eu-central-1", "us-west-2"], ["moon-1", "", 1]),
    "enable_terse_logging": (False, BOOLEANS, NOT_BOOLEANS),
    "enable_chat": (False, BOOLEANS, NOT_BOOLEANS),
    "enable_advanced_chat": (False, BOOLEANS, NOT_BOOLEANS),
    "enable_shared_chat_history": (True, BOOLEANS, NOT_BOOLEANS),
    "enable_people_ui": (True, BOOLEANS, NOT_BOOLEANS),
    "enable_cpu_warning_notifications": (True, BOOLEANS, NOT_BOOLEANS),
    "enable_pip_ui": (False, BOOLEANS, NOT_BOOLEANS),
    "enable_emoji_reactions": (False, BOOLEANS, NOT_BOOLEANS),
    "enable_hand_raising": (False, BOOLEANS, NOT_BOOLEANS),
    "enable_prejoin_ui": (True, BOOLEANS, NOT_BOOLEANS),
    "enable_live_captions_ui": (False, BOOLEANS, NOT_BOOLEANS),
    "enable_network_ui": (False, BOOLEANS, NOT_BOOLEANS),
    "enable_noise_cancellation_ui": (True, BOOLEANS, NOT_BOOLEANS),
    "enable_video_processing_ui": (True, BOOLEANS, NOT_BOOLEANS),
    "enable_breakout_rooms": (False, BOOLEANS, NOT_BOOLEANS),
    "lang": ("en", ["de", "pt-BR", "ro", "user"], ["xx", "DE", "", 1]),
    "enable_recording": (
        None,
        ["cloud", "cloud-audio-only", "local", "raw-tracks", ["cloud", "local"]],
        ["tape", ["tape"], ["cloud", "cloud"], True, {}],
    ),
    "recordings_bucket": (
        None,
        [
            BUCKET,
            {**BUCKET, "allow_streaming_from_bucket": True},
            {"bucket_name": "b", "storage_provider": "oci", "namespace": "n"},
        ],
        [
            *({}, "clinic"),
            {**BUCKET, "storage_provider": "gcs"},
            {**BUCKET, "secret": "x"},
            {**BUCKET, "bucket_region": "elsewhere.example/"},
        ],
    ),
    "recordings_template": (
        "{domain_name}/{room_name}/{epoch_time}",
        [
            "{epoch_time}.mp4",
            "a/{recording_id}-{instance_id}/{mtg_session_id}_{epoch_time}",
            "v1.2/{epoch_time}",
        ],
        [
            "{room_name}",
            "{epoch_time} ",
            "{epoch_time}\n",
            "{secret}/{epoch_time}",
            "{epoch_time}.avi",
            "{epoch_time}" + "x" * 1024,
            7,
        ],
    ),
    "enable_raw_tracks_transcoded_audio": (None, ["aac", "wav-48k-mono", ""], ["mp3", 1]),
    "rtmp_geo": (None, ["us-west-2", "eu-central-1", "ap-south-1"], ["us-east-1", 1]),
    "disable_rtmp_geo_fallback": (False, BOOLEANS, NOT_BOOLEANS),
    "streaming_endpoints": (
        None,
        [
            [],
            [{"name": "tv", "type": "rtmp", "rtmp_config": {"url": "rtmps://example.org/live"}}],
            [
                {
                    "name": "web",
                    "type": "hls",
                    "hls_config": {
                        "save_hls_recording": True,
                        "storage": {
                            "bucket_name": "clinic",
                            "assume_role_arn": "arn",
                            "path_template": "{epoch_time}",
                        },
                        "variants": [
                            {
                                "width": 640,
                                "height": 360,
                                "fps": 30,
                                "bitrate": 500,
                                "iframe_only": False,
                            }
                        ],
                    },
                }
            ],
        ],
        [
            {},
            [{}],
            [{"name": "tv"}],
            [{"name": "tv", "type": "dvb"}],
            [{"name": "tv", "type": "rtmp", "url": "x"}],
        ],
    ),
    "auto_transcription_settings": (
        None,
        [
            {},
            {
                "language": "de",
                "model": "nova-2",
                "tier": "base",
                "profanity_filter": True,
                "punctuate": False,
                "endpointing": 250,
                "redact": ["pci"],
                "extra": {"diarize": True, "keywords": ["a", "b"]},
                "includeRawResponse": True,
                "instanceId": "i",
                "participants": ["p"],
                "transcription_geo": "eu",
            },
        ],
        [
            {"lang": "de"},
            {"endpointing": "long"},
            {"transcription_geo": "us"},
            {"extra": {"a": {}}},
            [],
        ],
    ),
    "enable_transcription_storage": (False, BOOLEANS, NOT_BOOLEANS),
    "transcription_bucket": (None, [BUCKET], [{**BUCKET, "allow_streaming_from_bucket": True}, []]),
    "transcription_template": (
        "{domain_name}/{room_name}/{epoch_time}.vtt",
        ["{transcript_id}/{epoch_time}.vtt"],
        ["{recording_id}/{epoch_time}", "{room_name}.vtt"],
    ),
    "meeting_join_hook": (None, ["https://example.org/hook"], ["x" * 256, 1]),
    "enable_dialout": (False, BOOLEANS, NOT_BOOLEANS),
    "dialout_config": (
        None,
        [
            {},
            {
                "allow_room_start": True,
                "dialout_geo": "eu-central-1",
                "max_idle_timeout_sec": 30,
                "max_idle_timeout_post_conversation_sec": 5,
            },
        ],
        [{"geo": "x"}, {"max_idle_timeout_sec": "30"}, True],
    ),
    "sip": (
        None,
        [
            {"display_name": "Phone", "sip_mode": "dial-in"},
            {
                "display_name": "Phone",
                "sip_mode": "dial-in",
                "video": True,
                "num_endpoints": 2,
                "force_digit_only_username": True,
                "codecs": {"audio": ["OPUS", "PCMU"], "video": ["H264"]},
                "provider": "daily",
                "dialin_config": {
                    "allow_room_start": True,
                    "hold_music_enabled": True,
                    "max_idle_timeout_sec": 9,
                },
            },
        ],
        [
            {},
            {"display_name": "Phone"},
            {"display_name": "P", "sip_mode": "dial-out"},
            {"display_name": "P", "sip_mode": "dial-in", "codecs": {"audio": ["MP3"]}},
        ],
    ),
}

TOKEN: Mapping[str, tuple[Any, list[Any], list[Any]]] = {
    "room_name": (None, ["ward-1", "x" * 128], [1, [], True, "x" * 129]),
    "nbf": (None, [0, 1_572_598_800, "1572598800"], [-1, "soon"]),
    "exp": (None, [1_800_000_000, 1708972279.96], [True, "soon"]),
    "is_owner": (False, BOOLEANS, NOT_BOOLEANS),
    "user_name": (None, ["Dr. Ada Popescu", "李"], [1, "x" * 1025]),
    "user_id": (None, ["u-1", "x" * 36, 42], ["x" * 37, True, 1.5, []]),
    "eject_at_token_exp": (False, BOOLEANS, NOT_BOOLEANS),
    "eject_after_elapsed": (None, [60], [0, "60"]),
    "knocking": (False, BOOLEANS, NOT_BOOLEANS),
    "permissions": (None, [PERMISSIONS, {"canAdmin": ["transcription"]}], [{"canAdmin": "all"}]),
    "enable_screenshare": (None, BOOLEANS, NOT_BOOLEANS),
    "start_video_off": (None, BOOLEANS, NOT_BOOLEANS),
    "start_audio_off": (None, BOOLEANS, NOT_BOOLEANS),
    "enable_recording": (None, ["cloud", ["cloud", "local"]], ["tape", True]),
    "enable_recording_ui": (None, BOOLEANS, NOT_BOOLEANS),
    "start_cloud_recording": (False, BOOLEANS, NOT_BOOLEANS),
    "start_cloud_recording_opts": (
        None,
        [
            RECORDING_OPTIONS,
            {"layout": {"preset": "default", "max_cam_streams": 20}},
            {"layout": {"preset": "single-participant", "session_id": "s"}},
            {
                "layout": {
                    "preset": "custom",
                    "composition_id": "daily:baseline",
                    "composition_params": {"mode": "split", "size": 2, "on": True},
                    "session_assets": {"logo": "https://example.org/logo.png"},
                }
            },
        ],
        [
            {"width": 1279},
            {"videoBitrate": 9},
            {"audioBitrate": 321},
            {"backgroundColor": "white"},
            {"instanceId": "1"},
            {"layout": {}},
            {"layout": {"preset": "mosaic"}},
            {"layout": {"preset": "active-participant", "max_cam_streams": 2}},
            {"layout": {"preset": "single-participant"}},
            {"layout": {"preset": "custom", "composition_params": {}}},
            {"layout": {"preset": "default", "max_cam_streams": 21}},
            {"dataOutputs": ["smoke-signals"]},
            {"rtmpUrl": "rtmp://example.org"},
        ],
    ),
    "auto_start_transcription": (False, BOOLEANS, NOT_BOOLEANS),
    "enable_prejoin_ui": (None, BOOLEANS, NOT_BOOLEANS),
    "enable_live_captions_ui": (None, BOOLEANS, NOT_BOOLEANS),
    "enable_terse_logging": (False, BOOLEANS, NOT_BOOLEANS),
    "close_tab_on_exit": (False, BOOLEANS, NOT_BOOLEANS),
    "redirect_on_meeting_exit": (None, ["https://example.org/bye"], [1]),
    "lang": (None, ["de"], ["klingon"]),
    "intercom_join_alert": (None, BOOLEANS, NOT_BOOLEANS),
    "meeting_join_hook": (None, ["https://example.org/hook"], ["x" * 256]),
}

SHORT_NAMES = {
    "room_name": "r", "nbf": "nbf", "exp": "exp", "is_owner": "o", "user_name": "u",
    "user_id": "ud",
    "eject_at_token_exp": "ejt", "eject_after_elapsed": "eje", "knocking": "k", "permissions": "p",
    "enable_screenshare": "ss", "start_video_off": "vo", "start_audio_off": "ao",
    "enable_recording": "er", "enable_recording_ui": "erui", "start_cloud_recording": "sr",
    "start_cloud_recording_opts": "sro", "auto_start_transcription": "ast",
    "close_tab_on_exit": "ctoe", "redirect_on_meeting_exit": "rome", "lang": "uil",
    "intercom_join_alert": "ij", "meeting_join_hook": "mjh",
}  # fmt: skip
