"""Writes src/test/resources/videos/variants with FFmpeg 5.1: containers and codecs that the shared fixtures leave out.

Every frame carries its index as a bar code along the top (ten bars, the least significant leftmost) over a plain
colour of (200, 60, 30). `index.json` states per file how many frames it shows and at what rate.
Usage: make_video_variants.py TARGET_FOLDER
"""
import json
import os
import subprocess
import sys

import numpy as np

WIDTH, HEIGHT, RATE = 160, 120, 30
COLOUR = (200, 60, 30)
target = sys.argv[1]
os.makedirs(target, exist_ok=True)
index = {}


def frames(count):
    for i in range(count):
        picture = np.empty((HEIGHT, WIDTH, 3), np.uint8)
        picture[:] = COLOUR
        picture[:20] = 0
        for bit in range(10):
            if i >> bit & 1:
                picture[:20, bit * 16:(bit + 1) * 16] = 255
        x = (i * 3) % (WIDTH - 20)
        picture[60:80, x:x + 20] = (20, 180, 220)
        yield picture.tobytes()


def write(name, *options, count=50, shown=None, turned=0, inputs=(), rate=RATE):
    path = os.path.join(target, name)
    command = ["ffmpeg", "-y", "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}",
               "-r", str(rate), "-i", "-", *inputs, *options, path]
    subprocess.run(command, input=b"".join(frames(count)), check=True)
    index[name] = {"frames": shown or count, "rate": rate, "turned": turned}


def remux(source, name, *options, turned=0, before=(), **facts):
    path = os.path.join(target, name)
    subprocess.run(["ffmpeg", "-y", "-v", "error", *before, "-i", os.path.join(target, source), *options, "-c", "copy", path],
                   check=True)
    index[name] = {**index[source], "turned": turned, **facts}


H264 = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "28")
write("av1.mp4", "-c:v", "libaom-av1", "-cpu-used", "8", "-crf", "35", "-g", "20")
write("av1.webm", "-c:v", "libsvtav1", "-crf", "35", "-g", "20")
write("vp8.webm", "-c:v", "libvpx", "-b:v", "200k", "-g", "15")
write("vp9_hidden_frames.mkv", "-c:v", "libvpx-vp9", "-auto-alt-ref", "1", "-lag-in-frames", "16", "-crf", "40", "-b:v", "0", "-g", "25")
write("open_gop.mp4", *H264, "-x264-params", "open-gop=1:keyint=10:min-keyint=10:bframes=3:b-pyramid=normal:scenecut=0")
write("open_gop.mkv", *H264, "-x264-params", "open-gop=1:keyint=10:min-keyint=10:bframes=3:b-pyramid=normal:scenecut=0")
write("open_gop_hevc.mp4", "-c:v", "libx265", "-x265-params", "log-level=none:open-gop=1:keyint=10:min-keyint=10:bframes=4:scenecut=0")
write("open_gop_hevc.mkv", "-c:v", "libx265", "-x265-params", "log-level=none:open-gop=1:keyint=10:min-keyint=10:bframes=4:scenecut=0")
write("intra_refresh.mp4", *H264, "-x264-params", "intra-refresh=1:keyint=15")
write("bt709_full_range.mp4", *H264, "-vf", "scale=out_color_matrix=bt709:out_range=full", "-colorspace", "bt709", "-color_range", "pc")
write("bt709.mp4", *H264, "-vf", "scale=out_color_matrix=bt709", "-colorspace", "bt709", "-color_range", "tv")
write("ten_bit.mkv", "-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-x265-params", "log-level=none:keyint=20")
write("yuv444.mp4", "-c:v", "libx264", "-pix_fmt", "yuv444p", "-crf", "25")
write("mpeg4_b_frames.avi", "-c:v", "mpeg4", "-bf", "2", "-q:v", "6", "-g", "12")
write("h264_b_frames.avi", *H264, "-bf", "2", "-g", "12")
write("mjpeg.mov", "-c:v", "mjpeg", "-q:v", "8", "-pix_fmt", "yuvj420p")
write("mpeg4.mov", "-c:v", "mpeg4", "-q:v", "6", "-g", "12")
write("ntsc_rate.mp4", *H264, rate=30000 / 1001)
write("fragmented.mp4", *H264, "-g", "12", "-movflags", "frag_keyframe+empty_moov+default_base_moof")
write("moov_first.mp4", *H264, "-g", "12", "-movflags", "+faststart")
write("no_cues.mkv", *H264, "-g", "12", "-f", "matroska", "-live", "1")
remux("moov_first.mp4", "late_start.mkv", "-output_ts_offset", "5")
remux("moov_first.mp4", "late_start.mp4", "-output_ts_offset", "2.5")
write("sound_first.mp4", *H264, "-g", "12", "-map", "1:a", "-map", "0:v", "-c:a", "aac", "-shortest",
      inputs=("-f", "lavfi", "-i", "sine=d=2"))
write("edit_list.mp4", *H264, "-g", "12", count=60)
remux("edit_list.mp4", "cut_by_edit_list.mp4", before=("-ss", "0.5"), frames=45, first=15)


def turn(source, name, turned):
    """Rewrites the display matrix in the track header: how many quarter turns clockwise the player must make."""
    data = bytearray(open(os.path.join(target, source), "rb").read())
    at = data.find(b"tkhd")
    size = int.from_bytes(data[at - 4:at], "big")
    matrix = at - 4 + size - 8 - 36
    one = 0x10000
    a, b, c, d = {0: (1, 0, 0, 1), 1: (0, 1, -1, 0), 2: (-1, 0, 0, -1), 3: (0, -1, 1, 0)}[turned]
    values = [a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30]
    data[matrix:matrix + 36] = b"".join(v.to_bytes(4, "big", signed=True) for v in values)
    open(os.path.join(target, name), "wb").write(data)
    index[name] = {**index[source], "turned": turned}


for quarter in (1, 2, 3):
    turn("moov_first.mp4", f"turned_{90 * quarter}.mp4", quarter)

json.dump(index, open(os.path.join(target, "index.json"), "w"), indent=1, sort_keys=True)
