"""Writes src/test/resources/images/variants with Pillow 9.4: each file and, beside it, the RGB bytes Pillow shows.

Usage: make_image_variants.py TARGET_FOLDER
"""
import io
import json
import os
import struct
import sys

import numpy as np
from PIL import Image, ImageOps, ImageDraw
out=sys.argv[1]; os.makedirs(out,exist_ok=True)
W,H=31,22
yy,xx=np.mgrid[0:H,0:W]
rgb=np.stack([(xx*255//(W-1)), (yy*255//(H-1)), ((xx*7+yy*13)%256)],-1).astype(np.uint8)
rgb[3:9,5:14]=[250,10,30]; rgb[12:20,18:28]=[10,220,90]
im=Image.fromarray(rgb)
alpha=((xx*5+yy*9)%256).astype(np.uint8)
rgba=Image.fromarray(np.dstack([rgb,alpha]))
grey=im.convert('L'); la=Image.merge('LA',(grey,Image.fromarray(alpha)))
index={}
def ref(path):
    if 'orientation' in path:
        t={'3':Image.ROTATE_180,'6':Image.ROTATE_270,'8':Image.ROTATE_90}[path[-6]]
        return np.asarray(im.transpose(t))
    i=Image.open(path); i=ImageOps.exif_transpose(i)
    if i.mode.startswith('I;16') or i.mode=='I':
        a=np.asarray(i).astype(np.int64); a=((a+128)//257).astype(np.uint8); a=np.dstack([a]*3)
    else: a=np.asarray(i.convert('RGB'))
    return a
def add(name,img,**k):
    p=f'{out}/{name}'
    try: img.save(p,**k)
    except Exception as e: print('cannot',name,e); return
    finish(name)
def finish(name):
    a=ref(f'{out}/{name}'); index[name]=[a.shape[1],a.shape[0]]; open(f'{out}/{name}.rgb','wb').write(a.tobytes())
def exif(o):
    e=Image.Exif(); e[274]=o; return e
for o in range(1,9):
    add(f'exif{o}.jpg',im,quality=92,exif=exif(o))
add('exif6.png',im,exif=exif(6)); add('exif8.webp',im,lossless=True,exif=exif(8)); add('exif3_lossy.webp',im,quality=80,exif=exif(3))
for o in (3,6,8): add(f'orientation{o}.tiff',im,tiffinfo={274:o})
add('grey_exif6.jpg',grey,exif=exif(6)); 
cm=im.convert('CMYK'); add('cmyk_exif6.jpg',cm,exif=exif(6),quality=95); add('cmyk.tiff',cm); 
add('rgb.png',im); add('rgba.png',rgba); add('la.png',la); add('grey.png',grey)
one=im.convert('1'); add('one_bit.png',one); add('one_bit.bmp',one); add('one_bit.tiff',one,compression='group4'); add('one_bit_raw.tiff',one)
for n in (2,4,16,200):
    p=im.quantize(n); add(f'palette{n}.png',p); add(f'palette{n}.bmp',p); add(f'palette{n}.gif',p)
p=im.quantize(32); add('palette_transparent.png',p,transparency=5); add('palette_transparent.gif',p,transparency=5)
add('palette_alpha_table.png',p,transparency=bytes(range(0,256,8)))
add('rgb_transparent.png',im,transparency=(250,10,30)); add('grey_transparent.png',grey,transparency=100)
add('palette_lzw.tiff',p,compression='tiff_lzw')
add('rgba.tiff',rgba); add('la.tiff',la); add('lzw.tiff',im,compression='tiff_lzw'); add('deflate.tiff',im,compression='tiff_adobe_deflate'); add('packbits.tiff',im,compression='packbits'); add('jpeg.tiff',im,compression='jpeg',quality=95)
add('grey.tiff',grey)
g16=Image.fromarray(((xx*2113+yy*977)%65536).astype(np.uint16)); add('grey16.tiff',g16); add('grey16.png',g16)
add('rgba.webp',rgba,lossless=True,exact=True); add('rgba_lossy.webp',rgba,quality=80); add('lossless.webp',im,lossless=True); add('lossy.webp',im,quality=75)
add('rgba.bmp',rgba); add('rgb.bmp',im); add('grey.bmp',grey)
for s in (0,1,2): add(f'subsampling{s}.jpg',im,quality=85,subsampling=s); add(f'progressive{s}.jpg',im,quality=85,subsampling=s,progressive=True)
add('optimised.jpg',im,quality=30,optimize=True); 
try: add('restart.jpg',im,quality=85,restart_marker_blocks=2)
except Exception as e: print(e)
frames=[im.quantize(64),ImageOps.mirror(im).quantize(64)]
add('animated.gif',frames[0],save_all=True,append_images=frames[1:],duration=100)
add('animated.webp',im,save_all=True,append_images=[ImageOps.mirror(im)],duration=100,lossless=True)
add('animated.png',im,save_all=True,append_images=[ImageOps.mirror(im)],duration=100)
# multi page tiff
add('pages.tiff',im,save_all=True,append_images=[ImageOps.mirror(im)])
# 16-bit colour PNG by hand, interlaced PNG by hand
import zlib
def chunk(t,d): return struct.pack('>I',len(d))+t+d+struct.pack('>I',zlib.crc32(t+d))
def png(name,raw,depth,ctype,interlace=0,extra=b''):
    open(f'{out}/{name}','wb').write(b'\x89PNG\r\n\x1a\n'+chunk(b'IHDR',struct.pack('>IIBBBBB',W,H,depth,ctype,0,0,interlace))+extra+chunk(b'IDAT',zlib.compress(raw))+chunk(b'IEND',b'')); finish(name)
r16=(rgb.astype(np.uint16)*257 ^ ((xx*31+yy*17)%256)[...,None].astype(np.uint16)).astype('>u2')
png('rgb16.png',b''.join(b'\0'+r16[y].tobytes() for y in range(H)),16,2)
ra16=np.dstack([r16,(alpha.astype(np.uint16)*257).astype('>u2')]).astype('>u2')
png('rgba16.png',b''.join(b'\0'+ra16[y].tobytes() for y in range(H)),16,6)
la16=np.dstack([r16[...,0],ra16[...,3]]).astype('>u2')
png('la16.png',b''.join(b'\0'+la16[y].tobytes() for y in range(H)),16,4)
passes=[(0,0,8,8),(4,0,8,8),(0,4,4,8),(2,0,4,4),(0,2,2,4),(1,0,2,2),(0,1,1,2)]
raw=b''
for (x0,y0,dx,dy) in passes:
    sub=rgb[y0::dy,x0::dx]
    if sub.size:
        for row in sub: raw+=b'\0'+row.tobytes()
png('interlaced.png',raw,8,2,1)
png('gamma.png',b''.join(b'\0'+rgb[y].tobytes() for y in range(H)),8,2,extra=chunk(b'gAMA',struct.pack('>I',100000)))
# tiled/bigendian tiff? GIF smaller frame with offset
def gif(name,screen,off,frame,colors,transparent=None,bg=0):
    fw,fh=frame.shape[1],frame.shape[0]
    i=Image.fromarray(frame,'P'); i.putpalette(colors)
    b=io.BytesIO(); kw={} if transparent is None else {'transparency':transparent}; i.save(b,'GIF',optimize=False,**kw); b=bytearray(b.getvalue())
    struct.pack_into('<HH',b,6,*screen); b[11]=bg
    flags=b[10]; pos=13+(3*(2<<(flags&7)) if flags&0x80 else 0)
    while b[pos]==0x21:
        pos+=2
        while b[pos]: pos+=1+b[pos]
        pos+=1
    assert b[pos]==0x2c
    struct.pack_into('<HH',b,pos+1,*off)
    open(f'{out}/{name}','wb').write(b); finish(name)
pal=[v for c in [(200,30,40),(10,250,20),(30,60,240),(255,255,0),(7,8,9),(90,91,92),(250,128,0),(0,128,128)] for v in c]
fr=((xx[:10,:12]+yy[:10,:12])%8).astype(np.uint8)
gif('gif_offset.gif',(31,22),(5,6),fr,pal); gif('gif_offset_bg.gif',(31,22),(5,6),fr,pal,bg=3)
gif('gif_offset_transparent.gif',(31,22),(5,6),fr,pal,transparent=2,bg=3)
json.dump(index,open(f'{out}/index.json','w'),indent=0)
print(len(index))
